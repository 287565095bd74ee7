import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentLab } from "../test/link/agent-lab";
import { TOPOLOGY_ID } from "../test/link/job-fixture";
import { alice, aliceVpc, bob, BOB_ID, bobVpc, bobs, PEERING_ID } from "../test/link/two-topologies";
import type { Topology } from "@vpclab/shared/topology/topology";

describe("a peering with another topology of the host", () => {
  let lab: AgentLab;
  beforeEach(async () => void (lab = await AgentLab.start()));
  afterEach(() => lab.close());

  const applyAlice = (doc: Topology | null) => lab.apply(doc);
  const applyBob = (doc: Topology | null) => lab.apply(doc, { topologyId: BOB_ID, topologyName: "bob" });
  const links = (namespace: string) => lab.kernel.namespace(namespace)?.links.filter(({ name }) => name.startsWith("pcx-")) ?? [];
  const routesToPeer = (namespace: string, cidr: string) => lab.kernel.namespace(namespace)!.routes.filter(({ destination }) => destination === cidr).map(({ type }) => type);
  const statusOf = (topologyId: string) => lab.deployment(topologyId)?.objects[PEERING_ID];
  /** The link is there with both of its ends set up, and both sides say so. */
  const expectUp = (): void => {
    expect([statusOf(TOPOLOGY_ID), statusOf(BOB_ID)]).toEqual([{ state: "in-place" }, { state: "in-place" }]);
    expect([lab.deployment(TOPOLOGY_ID)?.state, lab.deployment(BOB_ID)?.state]).toEqual(["in-place", "in-place"]);
    const [here, there] = [links("vpc1"), links("bob.vpc2")];
    expect([...here, ...there]).toMatchObject([{ up: true }, { up: true }]);
    const addresses = [...here, ...there].flatMap((link) => link.addresses);
    expect(addresses.map((address) => Number(address.split(/[./]/)[3]) >> 1)).toEqual([expect.any(Number), Number(addresses[0]!.split(/[./]/)[3]) >> 1]);
    expect(here[0]!.alias).toContain(TOPOLOGY_ID);
    expect(there[0]!.alias).toContain(BOB_ID);
    expect(new Set([...routesToPeer("vpc1", bobVpc.cidr), ...routesToPeer("bob.vpc2", aliceVpc.cidr)])).toEqual(new Set(["unicast"]));
  };
  const expectDown = (): void => {
    expect([...links("vpc1"), ...links("bob.vpc2")]).toEqual([]);
    if (lab.kernel.namespace("vpc1")) expect(new Set(routesToPeer("vpc1", bobVpc.cidr))).toEqual(new Set(["blackhole"]));
  };

  it.each([["requester", ["alice", "bob"]], ["accepter", ["bob", "alice"]]])("stands once both are applied, the %s first", async (_first, order) => {
    for (const [i, name] of order.entries()) {
      await (name === "alice" ? applyAlice(alice()) : applyBob(bob()));
      if (i === 0) {
        expect(statusOf(name === "alice" ? TOPOLOGY_ID : BOB_ID)).toMatchObject({ state: "pending", reason: expect.stringContaining("not applied on this host") });
        expect(lab.deployment(name === "alice" ? TOPOLOGY_ID : BOB_ID)?.state).toBe("in-place");
      }
    }
    expectUp();
    const before = lab.kernel.log.length;
    await lab.look();
    await applyAlice(alice());
    expect(lab.kernel.log.length).toBe(before);
  });

  it("goes with the removal of either, and the other blackholes its routes at once", async () => {
    await applyAlice(alice());
    await applyBob(bob());
    await applyBob(null);
    expectDown();
    expect(statusOf(TOPOLOGY_ID)).toMatchObject({ state: "pending" });
    await applyBob(bob());
    expectUp();
    await applyAlice(null);
    expect(links("bob.vpc2")).toEqual([]);
    expect(statusOf(BOB_ID)).toMatchObject({ state: "pending" });
  });

  it("goes when one side says that it is deleted or has no such peering, and comes back", async () => {
    await applyAlice(alice());
    await applyBob(bob());
    await applyBob(bob({ status: "deleted" }));
    expectDown();
    expect(statusOf(TOPOLOGY_ID)).toMatchObject({ state: "pending", reason: expect.stringContaining("deleted") });
    await applyBob(bobs);
    expectDown();
    expect(statusOf(TOPOLOGY_ID)).toMatchObject({ reason: expect.stringContaining("does not have this peering") });
    await applyBob(bob());
    expectUp();
  });

  it("is never made because one side alone says so", async () => {
    await applyBob(bobs);
    await applyAlice(alice());
    expectDown();
    const third = "00000000-0000-4000-8000-00000000000c";
    await applyBob(bob({ remote: { ...bob().peerings[0]!.remote!, topologyId: third } }));
    expectDown();
    expect(statusOf(TOPOLOGY_ID)).toMatchObject({ state: "failed", reason: expect.stringContaining("third topology") });
    await applyBob(bob({ remote: { ...bob().peerings[0]!.remote!, cidr: "10.99.0.0/16" } }));
    expectDown();
    expect(lab.deployment(TOPOLOGY_ID)?.state).toBe("failed");
  });

  it("is not led into a namespace that somebody else made in the place of the other router", async () => {
    await applyBob(bob());
    lab.kernel.deleteNamespace("bob.vpc2");
    await lab.kernel.apply([{ owner: { topologyId: "x", objectId: "x" }, namespace: "bob.vpc2", action: "netns-add" }, { owner: { topologyId: "x", objectId: "x" }, namespace: "bob.vpc2", action: "bridge-add", name: "theirs0", mac: "06:00:00:00:00:01" }]);
    await applyAlice(alice());
    expect(statusOf(TOPOLOGY_ID)).toMatchObject({ state: "pending", reason: expect.stringContaining("bob.vpc2") });
    expect(lab.kernel.namespace("bob.vpc2")?.links).toMatchObject([{ name: "theirs0" }]);
  });

  it("is rebuilt after a reboot, and follows a VPC that gets another name", async () => {
    await applyAlice(alice());
    await applyBob(bob());
    for (const name of lab.kernel.names()) lab.kernel.deleteNamespace(name);
    await lab.restart();
    expectUp();
    await applyBob({ ...bob(), vpcs: bob().vpcs.map((vpc) => (vpc.id === bobVpc.id ? { ...vpc, name: "core" } : vpc)) });
    expect(links("bob.core")).toMatchObject([{ up: true }]);
    expect([statusOf(TOPOLOGY_ID), statusOf(BOB_ID)]).toEqual([{ state: "in-place" }, { state: "in-place" }]);
  });

  it("is mended from either side when its link is deleted by hand", async () => {
    await applyAlice(alice());
    await applyBob(bob());
    const [link] = links("bob.vpc2");
    await lab.kernel.apply([{ owner: { topologyId: "x", objectId: "x" }, namespace: "bob.vpc2", action: "link-delete", name: link!.name }]);
    expect(links("vpc1")).toEqual([]);
    await lab.look();
    expectUp();
  });
});

