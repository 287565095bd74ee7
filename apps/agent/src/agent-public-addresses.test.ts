import { afterEach, describe, expect, it } from "vitest";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { ElasticIp, Topology } from "@vpclab/shared/topology/topology";
import { AgentLab } from "../test/link/agent-lab";

const LAB = twoVpcLab();
const OTHER_TOPOLOGY_ID = "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11";
const [first, second] = LAB.instances.filter(({ subnetId }) => LAB.subnets.find(({ id }) => id === subnetId)?.autoAssignPublicAddress);
const elasticIp = (target: string | null, id = "eipalloc-00000000000a"): ElasticIp =>
  ({ id, name: "eip", target: target === null ? null : { kind: "instance", id: target } });
const withElasticIps = (...elasticIps: ElasticIp[]): Topology => ({ ...LAB, elasticIps });

describe("public addresses of the host's pool", () => {
  let lab: AgentLab;
  afterEach(() => lab.close());
  const addressesAfter = async (desired: Topology | null, change = {}) => {
    const done = await lab.apply(desired, change);
    if (done.type !== "job-done") throw new Error(done.failure.message);
    return done.deployment.publicAddresses;
  };

  it("are given to Elastic IPs and to instances of subnets that assign them, and routed to their gateways", async () => {
    lab = await AgentLab.start();
    expect(await addressesAfter(withElasticIps(elasticIp(null)))).toEqual({ "eipalloc-00000000000a": "198.51.100.129", [first!.id]: "198.51.100.130", [second!.id]: "198.51.100.131" });
    const routes = lab.kernel.namespace("@host")!.routes.map(({ destination }) => destination);
    expect(routes.sort()).toEqual(["198.51.100.130", "198.51.100.131"]);
    expect(lab.server.ofType("inventory").length).toBe(1);
  });

  it("stay with an Elastic IP when it moves, and over a restart; what it replaced goes back to the pool", async () => {
    lab = await AgentLab.start();
    await addressesAfter(withElasticIps(elasticIp(first!.id)));
    const moved = await addressesAfter(withElasticIps(elasticIp(second!.id)));
    expect(moved["eipalloc-00000000000a"]).toBe("198.51.100.129");
    expect(Object.keys(moved).sort()).toEqual(["eipalloc-00000000000a", first!.id].sort());
    await lab.restart();
    expect(lab.deployment()).toMatchObject({ state: "in-place", publicAddresses: moved });
    expect(await addressesAfter(withElasticIps())).toEqual({ [first!.id]: moved[first!.id], [second!.id]: "198.51.100.130" });
    expect(await addressesAfter(withElasticIps(elasticIp(null)))).toMatchObject({ "eipalloc-00000000000a": "198.51.100.129" });
  });

  it("are kept while networks are taken down for a restart, and given back by a removal", async () => {
    lab = await AgentLab.start();
    const given = await addressesAfter(LAB);
    await addressesAfter(LAB, { topologyId: OTHER_TOPOLOGY_ID, topologyName: "lab2" });
    await lab.agent.deployments.takeDown();
    await lab.restart();
    expect(lab.deployment()?.publicAddresses).toEqual(given);
    await addressesAfter(null);
    expect(await addressesAfter(withElasticIps(elasticIp(null)), { topologyId: OTHER_TOPOLOGY_ID, topologyName: "lab2" })).toMatchObject({ "eipalloc-00000000000a": "198.51.100.129" });
  });

  it("that have run out fail the object that got none, and nothing else", async () => {
    lab = await AgentLab.start({ pool: cidrFrom("198.51.100.128/30") });
    const done = await lab.apply(withElasticIps(elasticIp(null)));
    expect(done).toMatchObject({ type: "job-done", failure: { code: "POOL_EMPTY" }, deployment: { publicAddresses: { "eipalloc-00000000000a": "198.51.100.129" } } });
    const failed = Object.entries(lab.deployment()!.objects).filter(([, { state }]) => state !== "in-place");
    expect(failed).toEqual([[second!.id, { state: "failed", reason: expect.stringContaining("All public addresses") }]]);
    expect(lab.kernel.namespace("vpc2-public")?.links).toHaveLength(1);
    await addressesAfter(withElasticIps());
    await lab.look();
    expect(lab.deployment()).toMatchObject({ state: "in-place", publicAddresses: { [second!.id]: "198.51.100.129" } });
  });

  it("that the host has none of fail an Elastic IP only: instances share the host's address", async () => {
    lab = await AgentLab.start({ pool: null });
    expect(await addressesAfter(LAB)).toEqual({});
    expect(lab.deployment()?.state).toBe("in-place");
    expect(await lab.apply(withElasticIps(elasticIp(first!.id)))).toMatchObject({ failure: { code: "POOL_NONE" } });
    const failed = Object.entries(lab.deployment()!.objects).filter(([, { state }]) => state !== "in-place").map(([id]) => id);
    expect(failed).toEqual(["eipalloc-00000000000a"]);
  });
});
