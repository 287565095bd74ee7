import { afterEach, describe, expect, it } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { named } from "@vpclab/shared/testing/full-lab";
import type { Topology } from "@vpclab/shared/topology/topology";
import { AgentLab } from "../test/link/agent-lab";
import { PolicySchema } from "./policy/policy";
import type { OtherFirewall } from "./reconcile/site";

const LAB = twoVpcLab();
const vpc1 = named(LAB.vpcs, "vpc1");
const vpc2 = named(LAB.vpcs, "vpc2");
const reachable = (...ids: string[]): Topology => ({ ...LAB, vpcs: LAB.vpcs.map((vpc) => ({ ...vpc, reachableFromHost: ids.includes(vpc.id) })) });
const OTHER = { topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", topologyName: "lab2" };

describe("VPCs that the host may reach", () => {
  let lab: AgentLab;
  afterEach(() => lab.close());
  const routes = () => lab.kernel.namespace("@host")!.routes.filter(({ destination }) => destination.includes("/16")).map(({ destination }) => destination).sort();
  const accessLinks = () => lab.kernel.namespace("@host")!.links.map(({ name }) => name).filter((name) => name.startsWith("vph-"));
  const failed = (topologyId?: string) => Object.entries(lab.deployment(topologyId)!.objects).filter(([, { state }]) => state !== "in-place");

  it("are reached by a route each, which goes with the switch", async () => {
    lab = await AgentLab.start();
    expect(await lab.apply(reachable(vpc1.id, vpc2.id))).toMatchObject({ deployment: { state: "in-place" } });
    expect([routes(), accessLinks().length]).toEqual([[vpc1.cidr, vpc2.cidr].sort(), 2]);
    expect(await lab.apply(reachable(vpc2.id))).toMatchObject({ deployment: { state: "in-place" } });
    expect([routes(), accessLinks().length]).toEqual([[vpc2.cidr], 1]);
    expect(await lab.apply(null)).toMatchObject({ deployment: { state: "empty" } });
    expect([routes(), accessLinks(), lab.kernel.namespace("@host")!.nft]).toEqual([[], [], null]);
  });

  it.each([
    ["a route that holds it", { destination: "10.0.0.0/8", dev: "tun0", protocol: 3 }],
    ["a route inside it", { destination: "10.0.7.0/24", dev: "docker1", protocol: 2 }],
    ["an address inside it", { destination: "10.0.1.2", dev: "lo", protocol: 2 }],
    ["a route without a link", { destination: "10.0.0.0/16", dev: null, protocol: 4 }],
    ["a route with our protocol that is not ours", { destination: "10.0.0.0/16", dev: "eth7", protocol: 118 }],
  ])("are refused where the host knows %s: it is said, and nothing else of the VPC suffers", async (_what, network) => {
    lab = await AgentLab.start();
    lab.kernel.foreignNetworks = [network];
    const done = await lab.apply(reachable(vpc1.id, vpc2.id));
    expect(done).toMatchObject({ type: "job-done", failure: { code: "HOST_OVERLAP" } });
    expect(failed()).toEqual([[vpc1.id, { state: "failed", reason: expect.stringContaining(`The host cannot reach 10.0.0.0/16: the host already has a network there (${network.destination}${network.dev ? ` dev ${network.dev}` : ""})`) }]]);
    expect([routes(), accessLinks().length]).toEqual([[vpc2.cidr], 1]);
    lab.kernel.foreignNetworks = [];
    await lab.look();
    expect(lab.deployment()?.state).toBe("in-place");
    expect(routes()).toEqual([vpc1.cidr, vpc2.cidr].sort());
  });

  it("are refused where they have addresses of the internet, whatever the host's policy allows", async () => {
    lab = await AgentLab.start({ policy: { rules: PolicySchema.parse({ allowCidrs: ["0.0.0.0/0"] }), source: "the test" } });
    const doc = { ...reachable(vpc1.id), vpcs: reachable(vpc1.id).vpcs.map((vpc) => (vpc.id === vpc1.id ? { ...vpc, cidr: "9.9.0.0/16" } : vpc)) };
    const moved = (address: string) => address.replace(/^10\.0\./, "9.9.");
    const subnets = doc.subnets.map((subnet) => ({ ...subnet, cidr: moved(subnet.cidr) }));
    expect(await lab.apply({ ...doc, subnets, instances: doc.instances.map((one) => ({ ...one, address: moved(one.address) })) })).toMatchObject({ failure: { code: "HOST_OVERLAP" } });
    expect([routes(), failed()]).toEqual([[], [[vpc1.id, { state: "failed", reason: expect.stringContaining("addresses of the internet") }]]]);
  });

  it("are given up when the host comes to know their addresses: its own networks come first", async () => {
    lab = await AgentLab.start();
    await lab.apply(reachable(vpc1.id));
    lab.kernel.foreignNetworks = [{ destination: "10.0.0.0/8", dev: "wg0", protocol: 4 }];
    await lab.look();
    expect([routes(), accessLinks()]).toEqual([[], []]);
    expect(failed()).toEqual([[vpc1.id, { state: "failed", reason: expect.stringContaining("10.0.0.0/8 dev wg0") }]]);
  });

  it("are refused where another topology's VPC was first, which keeps its route; they follow when that one goes", async () => {
    lab = await AgentLab.start();
    await lab.apply(reachable(vpc1.id));
    expect(await lab.apply(reachable(vpc1.id, vpc2.id), OTHER)).toMatchObject({ failure: { code: "HOST_OVERLAP" } });
    expect(failed(OTHER.topologyId)).toEqual([[vpc1.id, { state: "failed", reason: expect.stringContaining("a VPC of topology “default” there (10.0.0.0/16 dev vph-") }]]);
    await lab.look();
    await lab.restart();
    expect([failed(), failed(OTHER.topologyId).length]).toEqual([[], 1]);
    expect(accessLinks()).toHaveLength(2);
    await lab.apply(null);
    await lab.look();
    expect(failed(OTHER.topologyId)).toEqual([]);
    expect(routes()).toEqual([vpc1.cidr, vpc2.cidr].sort());
  });

  it("may take over a route within one topology", async () => {
    lab = await AgentLab.start();
    await lab.apply(reachable(vpc1.id));
    const swapped = { ...LAB, vpcs: LAB.vpcs.map((vpc) => ({ ...vpc, cidr: vpc1.cidr, reachableFromHost: vpc.id === vpc2.id })), subnets: LAB.subnets.filter(({ vpcId }) => vpcId === vpc1.id), instances: LAB.instances.filter(({ subnetId }) => LAB.subnets.some(({ id, vpcId }) => id === subnetId && vpcId === vpc1.id)), peerings: [] };
    expect(await lab.apply(swapped)).toMatchObject({ deployment: { state: "in-place" } });
    expect([routes(), accessLinks().length]).toEqual([[vpc1.cidr], 1]);
  });

  it("are in the host's one table whichever topology is applied last, and open no other firewall", async () => {
    const asked: boolean[] = [];
    const firewall: OtherFirewall = { look: (open) => Promise.resolve((asked.push(open), [])), settle: () => Promise.resolve() };
    lab = await AgentLab.start({ firewall });
    const islands = (doc: Topology): Topology => ({ ...doc, internetGateways: [], routeTables: doc.routeTables.map((table) => ({ ...table, routes: [] })) });
    await lab.apply(islands(reachable(vpc1.id)));
    await lab.apply(islands(reachable(vpc2.id)), OTHER);
    const table = JSON.stringify(lab.kernel.namespace("@host")!.nft);
    for (const link of accessLinks()) expect(table).toContain(link);
    expect(accessLinks()).toHaveLength(2);
    expect(asked.every((open) => !open)).toBe(true);
    await lab.look();
    expect([lab.deployment()?.state, lab.deployment(OTHER.topologyId)?.state]).toEqual(["in-place", "in-place"]);
  });
});
