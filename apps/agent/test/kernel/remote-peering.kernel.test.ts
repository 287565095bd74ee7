import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SecurityGroupRule, Topology } from "@vpclab/shared/topology/topology";
import { AgentLab } from "../link/agent-lab";
import { alice, bob, BOB_ID, bobVpc } from "../link/two-topologies";
import { Lab } from "./lab";

/** Both owners let everything in, so that routes and links alone decide. */
const open = (doc: Topology): Topology => ({
  ...doc,
  securityGroups: doc.securityGroups.map((group, i) => {
    const rule: SecurityGroupRule = { id: `sgr-${String(i).padStart(12, "0")}`, direction: "ingress", protocol: "all", ports: null, peer: { cidr: "0.0.0.0/0" }, description: "" };
    return { ...group, rules: [...group.rules.filter(({ direction }) => direction === "egress"), rule] };
  }),
});

describe("two topologies of one host, peered", () => {
  const lab = new Lab();
  let agent: AgentLab<Lab["kernel"]>;
  beforeAll(async () => {
    await lab.sandbox.ensure();
    agent = await AgentLab.on(lab.kernel);
  });
  afterAll(async () => {
    await agent.agent.deployments.takeDown();
    await agent.close();
    await lab.sandbox.remove();
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") console.error(agent.log.lines.slice(-8).join("\n"));
  });
  const applyAlice = (doc: Topology | null) => agent.apply(doc && open(doc));
  const applyBob = (doc: Topology | null) => agent.apply(doc && open(doc), { topologyId: BOB_ID, topologyName: "bob" });
  const bobSubnet = bob().subnets.find(({ vpcId }) => vpcId === bobVpc.id)!;
  const bobAddress = bob().instances.find(({ subnetId }) => subnetId === bobSubnet.id)!.address;
  const reaches = () => lab.pings("vpc1-private", bobAddress);

  it("reach each other once both are applied, and never before", async () => {
    expect(await applyAlice(alice())).toMatchObject({ deployment: { state: "in-place" } });
    expect(await reaches()).toBe(false);
    expect(await applyBob(bob())).toMatchObject({ deployment: { state: "in-place" } });
    expect(await reaches()).toBe(true);
    expect(await lab.pings("vpc1-private", bobAddress.replace(/^172/, "10"))).toBe(false);
  });

  it("have same ranges beside the peered ones, which stay apart", async () => {
    // Bob's vpc1 is 10.0.0.0/16 as alice's is: her address there is somebody else's for bob.
    expect(await lab.pings("bob.vpc1-public", "10.0.2.2")).toBe(true);
    await lab.inside("vpc1-private", "ip", "link", "set", "eth0", "down");
    expect(await lab.pings("bob.vpc1-public", "10.0.2.2")).toBe(true);
    await agent.look();
    expect(await reaches()).toBe(true);
  });

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ["says that it is deleted", () => applyBob(bob({ status: "deleted" })), () => applyBob(bob())],
    ["is removed", () => applyBob(null), () => applyBob(bob())],
    ["asks for another range", () => applyAlice(alice({ remote: { ...alice().peerings[0]!.remote!, cidr: "172.17.0.0/16" } })), () => applyAlice(alice())],
  ])("are apart while one of them %s", async (_what, part, rejoin) => {
    await part();
    expect(await reaches()).toBe(false);
    await rejoin();
    expect(await reaches()).toBe(true);
    expect(agent.deployment()?.state).toBe("in-place");
  });

  it("are mended when the link between them is deleted by hand", async () => {
    agent.nowMs += 3_600_000;
    await lab.inside("bob.vpc2", "sh", "-c", "ip link delete $(ip -br link | grep -o '^pcx-[a-z2-7]*' | head -1)");
    expect(await reaches()).toBe(false);
    await agent.look();
    expect(await reaches()).toBe(true);
  });
});
