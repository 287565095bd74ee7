import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Peering, Topology } from "@vpclab/shared/topology/topology";
import { TOPOLOGY_ID } from "./job-fixture";

/** Two topologies of different owners, `default` (alice) and `bob`, with a peering from alice's vpc1 to bob's vpc2 in both documents. */
export const BOB_ID = "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11";
export const PEERING_ID = "pcx-0000000000aa";
const LAB = twoVpcLab();
export const aliceVpc = LAB.vpcs.find(({ name }) => name === "vpc1")!;

/** Bob's lab: other ids, and a range of its own for the VPC that is peered. */
export const bobs: Topology = JSON.parse(JSON.stringify(LAB).replaceAll(/-([0-9a-f]{12})/g, (_all, id: string) => `-${id.slice(1)}${id[0]}`));
export const bobVpc = bobs.vpcs.find(({ name }) => name === "vpc2")!;

const ends = { requesterVpcId: aliceVpc.id, accepterVpcId: bobVpc.id };
const peering = (remote: NonNullable<Peering["remote"]>, change: Partial<Peering>): Peering => ({ id: PEERING_ID, name: "alice-bob", ...ends, status: "active", remote, ...change });
/** Routes to the other VPC in every table of ours. */
const peered = (doc: Topology, vpcId: string, far: NonNullable<Peering["remote"]>, change: Partial<Peering>): Topology => ({
  ...doc,
  peerings: [peering(far, change)],
  routeTables: doc.routeTables.map((table) => table.vpcId === vpcId
    ? { ...table, routes: [...table.routes, { destination: far.cidr, target: { kind: "peering" as const, id: PEERING_ID } }] } : table),
});
export const alice = (change: Partial<Peering> = {}): Topology =>
  peered(LAB, aliceVpc.id, { side: "accepter", topologyId: BOB_ID, topologyName: "bob", vpcName: "vpc2", cidr: bobVpc.cidr }, change);
export const bob = (change: Partial<Peering> = {}): Topology =>
  peered(bobs, bobVpc.id, { side: "requester", topologyId: TOPOLOGY_ID, topologyName: "default", vpcName: "vpc1", cidr: aliceVpc.cidr }, change);
