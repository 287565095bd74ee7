import { describe, expect, it } from "vitest";
import { FakeKernel } from "../testing/fake-kernel";
import { testContext } from "../testing/builders";
import { TinyLab, via } from "../testing/tiny-lab";
import type { Topology } from "../topology/topology";
import { compileTopology } from "./compile";
import type { CompileContext } from "./compile-context";
import { HOST_NAMESPACE } from "./kernel-state";
import { planChanges } from "./plan";

const A = "00000000-0000-4000-8000-00000000000a";
const B = "00000000-0000-4000-8000-00000000000b";

/** Two topologies whose VPCs `a` and `b` are peered: each document has its own VPC and the same peering, seen from there. */
function half(side: "requester" | "accepter"): Topology {
  const [name, cidr, other] = side === "requester" ? ["a", "10.1.0.0/16", "b"] : ["b", "10.2.0.0/16", "a"];
  const far = side === "requester" ? { side: "accepter", topologyId: B, cidr: "10.2.0.0/16" } as const : { side: "requester", topologyId: A, cidr: "10.1.0.0/16" } as const;
  const tiny = new TinyLab();
  tiny.vpc(name, cidr);
  tiny.subnet(`${name}/net`, cidr.replace("0.0/16", "1.0/24"), [via(far.cidr, "peering", "pcx-ab")]);
  tiny.doc.peerings.push({
    id: "pcx-ab", name: "ab", requesterVpcId: "vpc-a", accepterVpcId: "vpc-b", status: "active", remote: { ...far, topologyName: other, vpcName: other },
  });
  return { ...tiny.doc, internetGateways: [] };
}

const requester = half("requester");
const accepter = half("accepter");
const slots = { "pcx-ab": 7 };
const contextOf = (doc: Topology, isThere: boolean): CompileContext => {
  const mine = doc === requester;
  return testContext(doc, { topologyId: mine ? A : B, topologyName: mine ? "ta" : "tb", slots, remoteRouters: isThere ? { "pcx-ab": mine ? "tb.b" : "ta.a" } : {} });
};

async function applyTo(kernel: FakeKernel, doc: Topology, isThere: boolean) {
  const context = contextOf(doc, isThere);
  const wanted = compileTopology(doc, context);
  const observe = () => kernel.observe([HOST_NAMESPACE, ...Object.keys(wanted), ...Object.values(context.remoteRouters)]);
  const steps = planChanges(wanted, await observe(), context);
  expect(await kernel.apply(steps)).toEqual([]);
  expect(planChanges(wanted, await observe(), context)).toEqual([]);
  return steps;
}

const peeringLinks = (kernel: FakeKernel, namespace: string) => kernel.namespace(namespace)?.links.filter((link) => link.name.startsWith("pcx-")) ?? [];

describe("a peering between two topologies", () => {
  it("is the same link whoever sees it: names, addresses, MAC addresses", () => {
    const [a, b] = [requester, accepter].map((doc) => compileTopology(doc, contextOf(doc, true)));
    const here = a?.["ta.a"]?.links.find((link) => link.name.startsWith("pcx-"));
    const there = b?.["tb.b"]?.links.find((link) => link.name.startsWith("pcx-"));
    if (here?.kind !== "veth" || there?.kind !== "veth") throw new Error("no link");
    expect(here.peer).toEqual({ namespace: "tb.b", name: there.name, mac: there.mac });
    expect(there.peer).toEqual({ namespace: "ta.a", name: here.name, mac: here.mac });
    expect([here.addresses, there.addresses]).toEqual([["169.254.64.14/31"], ["169.254.64.15/31"]]);
  });

  it.each([["requester", requester, accepter], ["accepter", accepter, requester]])("is made by whoever comes first, here the %s", async (_name, first, second) => {
    const kernel = new FakeKernel();
    await applyTo(kernel, first, false);
    await applyTo(kernel, second, false);
    expect(peeringLinks(kernel, "ta.a")).toEqual([]);
    const made = await applyTo(kernel, first, true);
    expect(made.filter(({ action }) => action === "veth-add")).toHaveLength(1);
    const settled = await applyTo(kernel, second, true);
    expect(settled.filter(({ action }) => action === "veth-add")).toEqual([]);
    for (const namespace of ["ta.a", "tb.b"]) expect(peeringLinks(kernel, namespace)).toMatchObject([{ up: true }]);
    // And the first has nothing left to do.
    expect(await applyTo(kernel, first, true)).toEqual([]);
  });

  it("is mended by the next who looks when the other router was made anew", async () => {
    const kernel = new FakeKernel();
    await applyTo(kernel, requester, false);
    await applyTo(kernel, accepter, false);
    await applyTo(kernel, requester, true);
    await applyTo(kernel, accepter, true);
    kernel.deleteNamespace("tb.b");
    await applyTo(kernel, accepter, true);
    await applyTo(kernel, requester, true);
    expect(await applyTo(kernel, accepter, true)).toEqual([]);
    for (const namespace of ["ta.a", "tb.b"]) expect(peeringLinks(kernel, namespace)).toMatchObject([{ up: true }]);
  });

  it("goes when the other side is gone, and its routes are blackholes", async () => {
    const kernel = new FakeKernel();
    await applyTo(kernel, requester, false);
    await applyTo(kernel, accepter, false);
    await applyTo(kernel, requester, true);
    await applyTo(kernel, accepter, true);
    await applyTo(kernel, requester, false);
    expect(peeringLinks(kernel, "ta.a")).toEqual([]);
    expect(peeringLinks(kernel, "tb.b")).toEqual([]);
    expect(kernel.namespace("ta.a")?.routes).toContainEqual(expect.objectContaining({ type: "blackhole", destination: "10.2.0.0/16" }));
  });
});
