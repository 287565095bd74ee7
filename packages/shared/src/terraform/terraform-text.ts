import type { Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import { aclResources, groupResources } from "./filter-resources";
import { block, expression, hclText, type HclBlock, oneLine } from "./hcl";
import { interfaceResources, isExported, peeringResources, placeResources, routeResources, type Exporting } from "./network-resources";
import { ResourceNames } from "./resource-names";

/**
 * A valid topology as one Terraform file for AWS. What has no counterpart there is named: in general at its top, where it is
 * met beside the resource.
 */
export function terraformText(doc: Topology, topologyName: string): string {
  const exporting: Exporting = { doc, index: indexTopology(doc), names: new ResourceNames(doc) };
  const resources = [
    ...placeResources(exporting), ...peeringResources(exporting), ...routeResources(exporting), ...aclResources(exporting),
    ...groupResources(exporting), ...interfaceResources(exporting),
  ];
  return `${header(doc, topologyName).map((line) => (line === "" ? "#" : `# ${oneLine(line)}`)).join("\n")}\n\n${[...PREAMBLE, ...resources].map((each) => hclText(each)).join("\n\n")}\n`;
}

const PREAMBLE: readonly HclBlock[] = [
  block("terraform", [], {}, { blocks: [block("required_providers", [], { aws: expression('{ source = "hashicorp/aws", version = ">= 5.0" }') })] }),
  block("variable", ["ami"], { description: "Image of every instance", type: expression("string") }),
  block("variable", ["instance_type"], { description: "Size of every instance", type: expression("string"), default: "t3.micro" }),
];

function header(doc: Topology, name: string): string[] {
  const left = doc.peerings.filter((peering) => !isExported(peering)).map((peering) => peering.name);
  return [
    `The topology “${name}” for AWS. Before the first apply: set a region (AWS_REGION) and the variable ami.`,
    ...(doc.settings.note ? ["", doc.settings.note] : []),
    "",
    "What a lab has and AWS has not, and what became of it:",
    "- a subnet's own firewall (stateful, in order, denies): left out; groups allow and ACLs deny without state",
    "- web servers and published ports: left out; programs come with the image",
    "- VPCs that the host reaches: left out",
    "- addresses .2 and .3 of a subnet: AWS reserves them and chooses others",
    "- routes whose target is gone (blackholes), and rules that name a group that is gone: left out",
    "- default security groups: ordinary groups called <vpc>-default, because AWS makes its own",
    ...(left.length > 0 ? [`- peerings that are rejected, deleted or lead to another topology: left out (${left.join(", ")})`] : []),
  ];
}
