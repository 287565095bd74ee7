import { describe, expect, it } from "vitest";
import type { Peering, Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { AppliedTopology } from "./remote-peerings";
import { areNeighbours, remoteEnds } from "./remote-peerings";

const ALICE = "00000000-0000-4000-8000-00000000000a";
const BOB = "00000000-0000-4000-8000-00000000000b";
const ids = { requesterVpcId: "vpc-00000000000a", accepterVpcId: "vpc-00000000000b" };

const vpc = (id: string, name: string, cidr: string): Topology["vpcs"][number] => ({
  id, name, cidr, mainRouteTableId: "rtb-000000000001", defaultNetworkAclId: "acl-000000000001", defaultSecurityGroupId: "sg-000000000001", reachableFromHost: false, dnsSupport: true,
});
const topology = (topologyId: string, name: string, own: Topology["vpcs"][number], peerings: Peering[]): AppliedTopology =>
  ({ topologyId, name, document: { ...EMPTY_TOPOLOGY, vpcs: [own], peerings } });

type Far = NonNullable<Peering["remote"]>;
const peering = (remote: Far, change: Partial<Peering> = {}): Peering => ({ id: "pcx-00000000000a", name: "a-b", ...ids, status: "active", remote, ...change });
const toBob: Far = { side: "accepter", topologyId: BOB, topologyName: "bob", vpcName: "vpc1", cidr: "10.2.0.0/16" };
const toAlice: Far = { side: "requester", topologyId: ALICE, topologyName: "alice", vpcName: "vpc1", cidr: "10.1.0.0/16" };

const aliceVpc = vpc(ids.requesterVpcId, "vpc1", "10.1.0.0/16");
const bobVpc = vpc(ids.accepterVpcId, "vpc1", "10.2.0.0/16");
const alice = topology(ALICE, "default", aliceVpc, [peering(toBob)]);
const bob = (change: Partial<Peering> = {}, own = bobVpc): AppliedTopology => topology(BOB, "bob", own, [peering(toAlice, change)]);
const end = (...others: AppliedTopology[]) => remoteEnds(alice, others).get("pcx-00000000000a");

describe("the other end of a peering with another topology", () => {
  it("is its router where both documents hold the same peering, mirrored", () => {
    expect(end(bob())).toEqual({ state: "there", topologyId: BOB, router: "bob.vpc1" });
    expect(remoteEnds(bob(), [alice]).get("pcx-00000000000a")).toEqual({ state: "there", topologyId: ALICE, router: "vpc1" });
  });

  it("is waited for while that topology is not applied, has not accepted, or does not have it", () => {
    expect(end()).toMatchObject({ state: "waiting", reason: expect.stringContaining("not applied") });
    expect(end(bob({ status: "pending-acceptance" }))).toMatchObject({ state: "waiting", reason: expect.stringContaining("pending-acceptance") });
    expect(end(bob({ status: "deleted" }))).toMatchObject({ state: "waiting" });
    expect(end(topology(BOB, "bob", bobVpc, []))).toMatchObject({ state: "waiting", reason: expect.stringContaining("does not have this peering") });
  });

  it.each<[string, AppliedTopology]>([
    ["leads to a third topology there", bob({ remote: { ...toAlice, topologyId: "00000000-0000-4000-8000-00000000000c" } })],
    ["is within that topology there", bob({ remote: null })],
    ["has the same far end there", bob({ remote: { ...toAlice, side: "accepter" } })],
    ["connects another VPC there", bob({ requesterVpcId: "vpc-00000000000f" })],
    ["names another range of ours there", bob({ remote: { ...toAlice, cidr: "10.9.0.0/16" } })],
    ["has another range there", bob({}, vpc(ids.accepterVpcId, "vpc1", "10.3.0.0/16"))],
    ["has no such VPC there", bob({}, vpc("vpc-00000000000f", "vpc1", "10.2.0.0/16"))],
  ])("is never connected when the peering %s", (_name, other) => {
    expect(end(other)).toMatchObject({ state: "disagreeing", reason: expect.stringContaining("stays down") });
  });

  it("is not asked for where the peering is not active here", () => {
    expect(remoteEnds(topology(ALICE, "default", aliceVpc, [peering(toBob, { status: "pending-acceptance" })]), [bob()]).size).toBe(0);
  });

  it("makes neighbours of two topologies when either document says so", () => {
    const strangers = topology(BOB, "bob", bobVpc, []);
    expect([areNeighbours(alice, bob()), areNeighbours(strangers, alice), areNeighbours(strangers, topology(ALICE, "default", aliceVpc, []))]).toEqual([true, true, false]);
  });
});
