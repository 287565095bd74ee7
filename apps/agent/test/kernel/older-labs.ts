import { EVERYWHERE } from "@vpclab/shared/topology/subnet-routing";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { NewObject } from "@vpclab/shared/topology/new-object";
import { newPeering, newSubnet, newVpc } from "@vpclab/shared/topology/new-object";
import { seededRandom } from "@vpclab/shared/testing/builders";
import type { SecurityGroupRule, Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";

const random = seededRandom(11);

/** The document after the edits; throws where one is refused. */
export function edited(doc: Topology, ...commands: EditCommand[]): Topology {
  return commands.reduce((before, command) => {
    const result = applyEdit(before, command);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value.document;
  }, doc);
}

function made(result: { ok: true; value: NewObject } | { ok: false; error: unknown }): NewObject {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export const vpcNamed = (doc: Topology, name: string) => doc.vpcs.find((vpc) => vpc.name === name)!;
const subnetNamed = (doc: Topology, vpc: string, name: string) => doc.subnets.find((subnet) => subnet.vpcId === vpcNamed(doc, vpc).id && subnet.name === name)!;
/** Address of a subnet's first instance. */
export const addressIn = (doc: Topology, vpc: string, subnet: string): string =>
  doc.instances.find(({ subnetId }) => subnetId === subnetNamed(doc, vpc, subnet).id)!.address;

export const withVpc = (doc: Topology, name: string, cidr: string): Topology => edited(doc, made(newVpc(doc, random, { name, cidr, dnsSupport: false })).command);
export const withSubnet = (doc: Topology, vpc: string, name: string, type: "public" | "private"): Topology =>
  edited(doc, made(newSubnet(doc, vpcNamed(doc, vpc).id, { type, name }, random)).command);
export const peered = (doc: Topology, a: string, b: string): Topology => edited(doc, newPeering(doc, vpcNamed(doc, a).id, vpcNamed(doc, b).id, random).command);

/** Groups let everything pass, so that what is dropped is dropped by routes and routers. */
export const open = (doc: Topology): Topology => ({
  ...doc,
  securityGroups: doc.securityGroups.map((group, i) => ({ ...group, rules: (["ingress", "egress"] as const).map((direction, j): SecurityGroupRule =>
    ({ id: `sgr-${String(i * 2 + j).padStart(12, "0")}`, direction, protocol: "all", ports: null, peer: { cidr: EVERYWHERE }, description: "" })) })),
});

/** The older tools' own example: two VPCs with a public and a private subnet each. */
export const twoVpcs = (): Topology => {
  let doc = withVpc(withVpc(EMPTY_TOPOLOGY, "vpc1", "10.0.0.0/16"), "vpc2", "172.16.0.0/16");
  for (const vpc of ["vpc1", "vpc2"]) doc = withSubnet(withSubnet(doc, vpc, "public", "public"), vpc, "private", "private");
  return open(doc);
};

export const threePeered = (): Topology => {
  let doc = EMPTY_TOPOLOGY;
  for (const [i, vpc] of ["vpc1", "vpc2", "vpc3"].entries()) doc = withSubnet(withVpc(doc, vpc, `10.${i + 1}.0.0/16`), vpc, "private", "private");
  return open(peered(peered(peered(doc, "vpc1", "vpc2"), "vpc2", "vpc3"), "vpc3", "vpc1"));
};
