import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridTopology, peeredLab, seededRandom } from "../testing/builders";
import { fullLab } from "../testing/full-lab";
import { randomTopology } from "../testing/random-topology";
import type { Topology } from "../topology/topology";
import { quoted } from "./hcl";
import { parseHcl, type ParsedBlock } from "../testing/parse-hcl";
import { terraformText } from "./terraform-text";

const CALLS: Record<string, readonly string[]> = {
  aws_vpc: ["cidr_block"], aws_subnet: ["vpc_id", "cidr_block"], aws_internet_gateway: ["vpc_id"], aws_nat_gateway: ["subnet_id", "connectivity_type"],
  aws_eip: ["domain"], aws_route_table: ["vpc_id"], aws_route: ["route_table_id", "destination_cidr_block"],
  aws_route_table_association: ["subnet_id", "route_table_id"], aws_main_route_table_association: ["vpc_id", "route_table_id"],
  aws_network_acl: ["vpc_id", "subnet_ids"], aws_security_group: ["name", "description", "vpc_id"],
  aws_vpc_security_group_ingress_rule: ["security_group_id", "ip_protocol"], aws_vpc_security_group_egress_rule: ["security_group_id", "ip_protocol"],
  aws_instance: ["ami", "instance_type", "subnet_id", "vpc_security_group_ids"], aws_vpc_peering_connection: ["vpc_id", "peer_vpc_id"],
};

/** The resources of a text, which must be one that Terraform could read: every reference declared, no name twice, all required arguments there. */
function judged(text: string): ParsedBlock[] {
  const blocks = parseHcl(text);
  const resources = blocks.filter(({ type }) => type === "resource");
  const addresses = resources.map(({ labels }) => labels.join("."));
  expect(new Set(addresses).size).toBe(addresses.length);
  const declared = new Set([...addresses, ...blocks.filter(({ type }) => type === "variable").map(({ labels }) => `var.${labels[0]}`)]);
  for (const resource of resources) {
    const [type = "", name = ""] = resource.labels;
    expect(name).toMatch(/^[a-z_][a-z0-9_-]*$/);
    expect(CALLS[type], type).toBeDefined();
    expect(Object.keys(resource.arguments)).toEqual(expect.arrayContaining([...(CALLS[type] ?? [])]));
    for (const expression of Object.values(resource.arguments)) {
      for (const [reference] of expression.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/(?:aws_[a-z_]+|var)\.[a-z0-9_-]+/g)) expect(declared, resource.labels.join(".")).toContain(reference);
    }
  }
  return resources;
}

const ofType = (resources: readonly ParsedBlock[], type: string) => resources.filter(({ labels }) => labels[0] === type);

describe("a topology as Terraform", () => {
  it("over random topologies: readable, every reference declared, one resource for each object", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const doc = randomTopology(seededRandom(seed));
      const resources = judged(terraformText(doc, "lab"));
      const count = (type: string) => ofType(resources, type).length;
      expect([count("aws_vpc"), count("aws_subnet"), count("aws_instance"), count("aws_nat_gateway"), count("aws_eip"), count("aws_security_group"), count("aws_route_table"), count("aws_internet_gateway")])
        .toEqual([doc.vpcs, doc.subnets, doc.instances, doc.natGateways, doc.elasticIps, doc.securityGroups, doc.routeTables, doc.internetGateways].map(({ length }) => length));
      expect(count("aws_route")).toBe(doc.routeTables.flatMap(({ routes }) => routes).filter(({ target }) =>
        target.kind !== "gone" && (target.kind !== "peering" || doc.peerings.some(({ id, status }) => id === target.id && (status === "active" || status === "pending-acceptance")))).length);
      expect(count("aws_route_table_association")).toBe(doc.subnets.length);
    }), { numRuns: 60 });
  }, 60_000);

  it("the lab with one of everything, line by line where it matters", () => {
    const resources = judged(terraformText(fullLab(), "lab"));
    const find = (type: string, name: string) => resources.find(({ labels }) => labels[0] === type && labels[1] === name)?.arguments;
    expect(find("aws_nat_gateway", "vpc1_public_nat")).toMatchObject({ subnet_id: "aws_subnet.vpc1_public.id", connectivity_type: '"public"', allocation_id: "aws_eip.nat-eip.id" });
    expect(find("aws_eip", "web-eip")).toMatchObject({ instance: "aws_instance.vpc1_public_main.id" });
    expect(find("aws_route", "vpc1_nat_0-0-0-0-0")).toMatchObject({ nat_gateway_id: "aws_nat_gateway.vpc1_public_nat.id" });
    expect(find("aws_route", "vpc1_nat_203-0-113-0-24")).toMatchObject({ network_interface_id: "aws_instance.vpc1_public_fw.primary_network_interface_id" });
    expect(find("aws_security_group", "vpc1_default")).toMatchObject({ name: '"vpc1-default"' });
    expect(find("aws_instance", "vpc1_public_fw")).toMatchObject({ source_dest_check: "false", ami: "var.ami" });
    // .2 and .3 are AWS's own.
    expect(find("aws_instance", "vpc1_public_main")).not.toHaveProperty("private_ip");
    expect(find("aws_vpc_peering_connection", "vpc1-vpc2")).toMatchObject({ auto_accept: "true" });
  });

  it("says what has no counterpart, and never breaks out of a text or a comment", () => {
    const doc: Topology = structuredClone(peeredLab());
    const [group] = doc.securityGroups;
    if (!group?.rules[0]) throw new Error("no rule");
    group.description = 'x" } ${file("/etc/passwd")} %{ if';
    group.rules[0].description = "a\\\"${b}";
    doc.settings.note = "resource \"aws_vpc\" \"evil\" {}";
    const text = terraformText(doc, "lab\n}");
    const resources = judged(text);
    expect(ofType(resources, "aws_vpc")).toHaveLength(2);
    expect(text).not.toMatch(/[^$]\$\{/);
    expect(text).toMatch(/^# [\s\S]*a subnet's own firewall/);
    expect(quoted('a"b\\c\n${d} %{e}')).toBe('"a\\"b\\\\c\\n$${d} %%{e}"');
  });

  it("a large one takes no time", () => {
    const start = performance.now();
    expect(ofType(judged(terraformText(gridTopology({ vpcs: 10, subnetsPerVpc: 10, instancesPerSubnet: 5 }), "lab")), "aws_instance")).toHaveLength(500);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
