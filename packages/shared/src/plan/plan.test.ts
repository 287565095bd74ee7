import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrFrom } from "../net/cidr";
import { FakeKernel } from "../testing/fake-kernel";
import { gridTopology, peeredLab, seededRandom, testContext, twoVpcLab } from "../testing/builders";
import { randomTopology } from "../testing/random-topology";
import { randomCommand } from "../testing/random-edit";
import { applyEdit } from "../topology/edit";
import type { Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { compileTopology, transitObjects } from "./compile";
import type { KernelState, SeenNftTable } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { planChanges } from "./plan";
import { commandOf } from "./render";
import type { Step } from "./step";
import { allocatePublicAddresses, publicAddressOwners } from "./public-addresses";
import { allocateSlots } from "./transit";

const POOL = cidrFrom("198.51.100.128/25");

/** Applies documents one after the other to one kernel, as an agent would: slots and known namespaces are kept. */
class Lab {
  readonly kernel = new FakeKernel();
  slots: Record<string, number> = {};
  publicAddresses: Record<string, string> = {};
  private readonly known = new Set<string>([HOST_NAMESPACE]);

  constructor(private readonly publicPool = true) {}

  wanted(doc: Topology): KernelState {
    this.slots = allocateSlots(this.slots, transitObjects(doc)) ?? {};
    this.publicAddresses = allocatePublicAddresses(POOL, this.publicAddresses, publicAddressOwners(doc));
    return compileTopology(doc, this.context(doc));
  }

  context(doc: Topology) {
    const { host } = testContext(doc);
    const publicAddresses = this.publicPool ? this.publicAddresses : {};
    return testContext(doc, { slots: this.slots, publicAddresses, host: { ...host, publicPool: this.publicPool } });
  }

  async plan(doc: Topology): Promise<Step[]> {
    const wanted = this.wanted(doc);
    for (const name of Object.keys(wanted)) this.known.add(name);
    return planChanges(wanted, await this.kernel.observe([...this.known]), this.context(doc));
  }

  async apply(doc: Topology) {
    return this.kernel.apply(await this.plan(doc));
  }

  /** Everything the kernel holds, without what no plan is about. */
  async state() {
    const seen = await this.kernel.observe([...this.known]);
    return Object.fromEntries(Object.entries(seen).map(([name, space]) => [name, {
      ...space,
      nft: space.nft && sortedTable(space.nft),
      links: [...space.links].sort((a, b) => (a.name < b.name ? -1 : 1)),
      routes: [...space.routes].map((route) => JSON.stringify(route)).sort(),
      rules: [...space.rules].map((rule) => JSON.stringify(rule)).sort(),
      workloads: space.workloads.map((workload) => `${workload.kind}:${workload.port}`).sort(),
      // Settings of a deleted link go with the link; the fake host keeps the words.
      sysctls: name === HOST_NAMESPACE ? {} : space.sysctls,
    }]));
  }
}

/** In the kernel, sets, chains and counters have no order that matters. */
const sortedTable = (table: SeenNftTable): SeenNftTable => ({
  ...table,
  counters: [...table.counters].sort(),
  sets: [...table.sets].map((set) => ({ ...set, elements: [...set.elements].sort() })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  chains: [...table.chains].sort((a, b) => (a.name < b.name ? -1 : 1)),
});

/** Much work, on machines that may have other work: the limit is for what hangs. */
const PATIENT = { timeout: 180_000 };

describe("a plan converges", PATIENT, () => {
  it("over random walks: every edit applies without a failure, a second plan is empty, the result equals a fresh apply", async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), fc.boolean(), fc.array(fc.integer(), { minLength: 5, maxLength: 30 }), async (seed, publicPool, choices) => {
      const random = seededRandom(seed);
      const lab = new Lab(publicPool);
      let doc: Topology = seed % 2 === 0 ? EMPTY_TOPOLOGY : randomTopology(random);
      for (const choice of choices) {
        const edited = applyEdit(doc, randomCommand(doc, choice, random));
        if (!edited.ok) continue;
        doc = edited.value.document;
        if (choice % 2 === 0) continue; // several edits in one apply, too
        expect(await lab.apply(doc)).toEqual([]);
        expect(await lab.plan(doc)).toEqual([]);
      }
      expect(await lab.apply(doc)).toEqual([]);
      const walked = await lab.state();
      const fresh = new Lab(publicPool);
      Object.assign(fresh, { slots: lab.slots, publicAddresses: lab.publicAddresses });
      await fresh.apply(doc);
      const direct = await fresh.state();
      for (const name of Object.keys(direct)) expect(walked[name]).toEqual(direct[name]);
      expect(lab.kernel.names().sort()).toEqual(fresh.kernel.names().sort());
      expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
      expect(lab.kernel.names()).toEqual([]);
      expect(lab.kernel.namespace(HOST_NAMESPACE)?.links).toEqual([]);
      expect(lab.kernel.namespace(HOST_NAMESPACE)?.nft).toBeNull();
    }), { numRuns: 40 });
  });

  it("applying 100 instances twice plans nothing the second time", async () => {
    const lab = new Lab();
    const doc = gridTopology({ vpcs: 10, subnetsPerVpc: 2, instancesPerSubnet: 5 });
    await lab.apply(doc);
    expect(await lab.plan(doc)).toEqual([]);
  });

  it("a changed address touches its instance, and elsewhere only what names the address", async () => {
    const lab = new Lab();
    const doc = twoVpcLab();
    await lab.apply(doc);
    const [instance] = doc.instances;
    const edited = applyEdit(doc, { op: "update", kind: "instance", id: instance?.id ?? "", set: { address: instance?.address.replace(/\.2$/, ".77") ?? "" } });
    if (!edited.ok) throw new Error("refused");
    const steps = await lab.plan(edited.value.document);
    const own = steps.filter((step) => step.owner.objectId === instance?.id);
    expect(own.map((step) => step.action)).toEqual(["nft-change", "address-delete", "address-add", "route-replace"]);
    // Others know the address: as a member of their group, and as what a public address is translated to.
    // And as what the resolver answers.
    expect(new Set(steps.filter((step) => !own.includes(step)).map((step) => step.action))).toEqual(new Set(["nft-change", "workload-stop", "workload-start"]));
  });
});

describe("damage by hand is planned away", () => {
  const lab = new Lab();
  const doc = peeredLab();
  const router = "vpc1";
  const damages: Record<string, () => void> = {
    "a namespace deleted": () => lab.kernel.deleteNamespace("vpc1-public"),
    "a router deleted": () => lab.kernel.deleteNamespace(router),
    "a bridge deleted": () => { void lab.kernel.apply([{ owner: { topologyId: "", objectId: "" }, namespace: router, action: "link-delete", name: linkOf("bridge") }]); },
    "a link down": () => { for (const link of lab.kernel.namespace(router)?.links ?? []) link.up = false; },
    "an address removed": () => { for (const link of lab.kernel.namespace("vpc1-public")?.links ?? []) link.addresses = []; },
    "an address added": () => { lab.kernel.namespace("vpc1-public")?.links[0]?.addresses.push("10.0.9.9/24"); },
    "an alias removed": () => { for (const link of lab.kernel.namespace(router)?.links ?? []) link.alias = ""; },
    "a MAC changed": () => { for (const link of lab.kernel.namespace(router)?.links ?? []) link.mac = "02:00:00:00:00:01"; },
    "a route removed": () => { lab.kernel.namespace(router)?.routes.splice(0, 3); },
    "a route added": () => { lab.kernel.namespace(router)?.routes.push({ type: "unicast", destination: "192.0.2.0/24", table: "254", via: null, dev: linkOf("bridge"), protocol: 3 }); },
    "a second default route added": () => { lab.kernel.namespace("vpc1-public")?.routes.unshift({ type: "unicast", destination: "default", table: "254", via: "10.0.1.9", dev: "eth0", protocol: 3 }); },
    "a route to a public address removed from the host": () => { lab.kernel.namespace(HOST_NAMESPACE)?.routes.splice(0, 1); },
    "rules flushed": () => { lab.kernel.namespace(router)?.rules.splice(0); },
    "the filter deleted": () => { const space = lab.kernel.namespace(router); if (space) space.nft = null; },
    "a filter rule added by hand": () => {
      const space = lab.kernel.namespace(router);
      if (space?.nft) space.nft = { ...space.nft, chains: space.nft.chains.map((chain) => ({ ...chain, rules: [...chain.rules, { foreign: "accept" }] })) };
    },
    "a sysctl flipped": () => { const space = lab.kernel.namespace(router); if (space) space.sysctls["net.ipv4.ip_forward"] = "0"; },
    "a workload killed": () => { lab.kernel.namespace("vpc1-public")?.workloads.splice(0); },
    "the mark removed": () => { const space = lab.kernel.namespace(router); if (space) space.mark = ""; },
    "a link added by hand": () => { lab.kernel.namespace(router)?.links.push({ name: "dummy0", kind: "dummy", mac: "", alias: "", up: true, master: null, addresses: [], mtu: 1500, pair: null }); },
    "an MTU changed": () => { for (const link of lab.kernel.namespace(router)?.links ?? []) link.mtu = 1400; },
    "an address added to lo": () => { lab.kernel.namespace("vpc1-public")?.loopbackAddresses.push("203.0.113.10/32"); },
    "another table added": () => { lab.kernel.namespace("vpc1-public")?.foreignTables.push("ip nat"); },
    "forwarding switched on in an instance": () => { const space = lab.kernel.namespace("vpc1-public"); if (space) Object.assign(space.sysctls, { "net.ipv4.ip_forward": "1", "net.ipv4.conf.all.accept_redirects": "0" }); },
    "the bridge filter switched on": () => { const space = lab.kernel.namespace(router); if (space) space.sysctls["net.bridge.bridge-nf-call-iptables"] = "1"; },
    "a group's chain emptied": () => damageTable("vpc1-public", (table) => ({ ...table, chains: table.chains.map((chain) => (chain.type === null ? { ...chain, rules: [] } : chain)) })),
    "a policy changed": () => damageTable("vpc1-public", (table) => ({ ...table, chains: table.chains.map((chain) => (chain.type === null ? chain : { ...chain, policy: "accept" })) })),
    "a chain added by hand": () => damageTable(router, (table) => ({ ...table, chains: [...table.chains, { name: "mine", type: null, rules: [{ foreign: "accept" }] }] })),
    "a set element added by hand": () => damageTable("vpc1-public", (table) => ({ ...table, sets: table.sets.map((set) => ({ ...set, elements: [...set.elements, "192.0.2.1"] })) })),
  };
  const damageTable = (name: string, change: (table: SeenNftTable) => SeenNftTable) => {
    const space = lab.kernel.namespace(name);
    if (space?.nft) space.nft = change(space.nft);
  };
  const linkOf = (kind: string) => lab.kernel.namespace(router)?.links.find((link) => link.kind === kind)?.name ?? "";

  it.each(Object.keys(damages))("%s", async (name) => {
    await lab.apply(doc);
    const before = await lab.state();
    damages[name]?.();
    const steps = await lab.plan(doc);
    expect(steps.length).toBeGreaterThan(0);
    expect(await lab.kernel.apply(steps)).toEqual([]);
    expect(await lab.plan(doc)).toEqual([]);
    expect(await lab.state()).toEqual(before);
  });
});

describe("what is not ours stays", () => {
  it("namespaces and host links of other agents and topologies are never part of a step", async () => {
    const lab = new Lab();
    const doc = twoVpcLab();
    await lab.apply(doc);
    const seen = await lab.kernel.observe([HOST_NAMESPACE, "vpc1"]);
    const host = seen[HOST_NAMESPACE];
    if (!host) throw new Error("no host");
    const foreign = {
      ...seen,
      [HOST_NAMESPACE]: { ...host, links: [...host.links, ...["vpclab:other:t:x:y", `vpclab:agent1:other:x:y`, "docker", ""].map((alias, i) => ({
        name: `f${i}`, kind: "veth", mac: "", alias, up: true, master: null, addresses: [], mtu: 1500,
      }))] },
      theirs: { ...host, name: "theirs", mark: "vpclab:other:t:vpc-1:theirs" },
      unmarked: { ...host, name: "unmarked", mark: "" },
    };
    const touched = planChanges(lab.wanted(EMPTY_TOPOLOGY), foreign, lab.context(doc)).map((step) => `${step.namespace} ${step.action} ${"name" in step ? step.name : ""}`);
    expect(touched.filter((text) => /theirs|unmarked| f\d/.test(text))).toEqual([]);
    expect(touched).toContain("vpc1 netns-delete ");
  });

  it("a namespace that was noted before it was created is ours even without a mark", () => {
    const doc = EMPTY_TOPOLOGY;
    const half = {
      name: "half", mark: "", loopbackUp: false, loopbackAddresses: [], sysctls: {}, links: [], routes: [], rules: [], nft: null,
      foreignTables: [], workloads: [], resolvConf: "absent" as const,
    };
    const wanted = compileTopology(doc, testContext(doc));
    const scope = { agentId: "agent1", topologyId: testContext(doc).topologyId };
    expect(planChanges(wanted, { half }, { ...scope, ledger: ["half"] }).map((step) => step.action)).toContain("netns-delete");
    expect(planChanges(wanted, { half }, scope).map((step) => step.action)).not.toContain("netns-delete");
  });
});

describe("commands", () => {
  it("every step has one, and none contains anything but names, addresses and fixed words", () => {
    const doc = peeredLab();
    const steps = planChanges(compileTopology(doc, testContext(doc)), {}, testContext(doc));
    for (const step of steps) expect(commandOf(step)).toMatch(/^(ip|nft|sysctl|mkdir) [A-Za-z0-9 .:/_=@'"<>{};,|!&#\n-]+$/);
  });

  it("filters are in place before the links they guard, settings before the links that inherit them", () => {
    const doc = peeredLab();
    const actions = planChanges(compileTopology(doc, testContext(doc)), {}, testContext(doc))
      .filter((step) => step.namespace === "vpc1").map((step) => step.action);
    const firstLink = actions.indexOf("bridge-add");
    expect(actions.lastIndexOf("sysctl-set")).toBeLessThan(firstLink);
    expect(actions.indexOf("nft-replace")).toBeLessThan(firstLink);
    expect(actions.indexOf("route-replace")).toBeGreaterThan(actions.lastIndexOf("link-up"));
  });
});
