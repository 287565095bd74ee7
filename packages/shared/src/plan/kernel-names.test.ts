import { describe, expect, it } from "vitest";
import { TEST_TOPOLOGY_ID, gridTopology, testContext } from "../testing/builders";
import { fullLab, named } from "../testing/full-lab";
import { applyEdit } from "../topology/edit";
import { compileTopology } from "./compile";
import { kernelNames } from "./kernel-names";
import { formatMark } from "./mark";

const reachable = () => {
  const doc = fullLab();
  const edited = applyEdit(doc, { op: "update", kind: "vpc", id: named(doc.vpcs, "vpc1").id, set: { reachableFromHost: true } });
  if (!edited.ok) throw new Error("refused");
  return edited.value.document;
};
const doc = reachable();
const context = { topologyId: TEST_TOPOLOGY_ID, topologyName: "lab2" };
const names = kernelNames(doc, context);
const first = (text: string) => names.objectsNamedIn(text)[0]?.objectId;
const state = compileTopology(doc, testContext(doc, { topologyName: "lab2" }));

describe("a name that the kernel shows leads to its object", () => {
  it("for every link of everything that the compiler makes, and the owner is the compiler's", () => {
    const links = Object.values(state).flatMap((namespace) => namespace.links).filter(({ name }) => name !== "eth0");
    expect(links.length).toBeGreaterThan(15);
    for (const { name, owner } of links) expect([name, first(name)]).toEqual([name, owner.objectId]);
  });

  it("for every namespace, and for its links as ip prints them", () => {
    const own = Object.keys(state).filter((name) => name !== "@host");
    expect(own).toContain("lab2.vpc1-public-nat");
    for (const name of own) expect([name, first(`ip netns exec ${name} ip route`)]).toEqual([name, state[name]!.owner.objectId]);
    const [bridge] = Object.values(state).flatMap(({ links }) => links).filter(({ kind }) => kind === "bridge");
    expect(first(`5: ${bridge!.name}@if7: <BROADCAST,UP>`)).toBe(bridge!.owner.objectId);
  });

  it("for the kernel table of every route table", () => {
    const tables = names.objectsNamedIn([...names.exact.keys()].filter((name) => /^\d+$/.test(name)).join(" "));
    expect(tables.map(({ objectId }) => objectId).sort()).toEqual(doc.routeTables.map(({ id }) => id).sort());
    const routed = Object.values(state).flatMap(({ routes }) => routes).filter(({ table }) => names.exact.has(table));
    expect(routed.length).toBeGreaterThan(0);
  });

  it("for chains and sets that carry an id, whole or without its prefix", () => {
    const acl = named(doc.networkAcls, "edge");
    const group = named(doc.securityGroups, "db");
    const chains = Object.values(state).flatMap(({ nft }) => nft?.chains ?? []).map(({ name }) => name);
    const ofAcl = chains.filter((name) => name.includes(acl.id.slice(4)));
    expect(ofAcl.length).toBeGreaterThan(0);
    for (const name of ofAcl) expect(first(`jump ${name}`)).toBe(acl.id);
    expect(first(`@${group.id}`)).toBe(group.id);
  });

  it("for the alias of a link, but not for another topology's", () => {
    const vpc = named(doc.vpcs, "vpc1");
    expect(first(formatMark({ agentId: "a", topologyId: TEST_TOPOLOGY_ID, objectId: vpc.id }, "vpc1"))).toBe(vpc.id);
    expect(first(formatMark({ agentId: "a", topologyId: "00000000-0000-4000-8000-000000000009", objectId: vpc.id }, "vpc1"))).toBeUndefined();
  });

  it("and no other word means anything", () => {
    expect(names.objectsNamedIn("ip route add default via 10.0.1.1 dev eth0 table 250")).toEqual([]);
    expect(names.objectsNamedIn("vpc1-public br-aaaaaaaaaa  ")).toEqual([]);
    expect(names.objectsNamedIn("")).toEqual([]);
  });

  it("holds a name for each object of a large drawing that has one", () => {
    const grid = gridTopology({ vpcs: 10, subnetsPerVpc: 4, instancesPerSubnet: 5 });
    const found = new Set([...kernelNames(grid, context).exact.values()].map(({ objectId }) => objectId));
    for (const { id } of [...grid.vpcs, ...grid.subnets, ...grid.instances, ...grid.internetGateways, ...grid.routeTables]) expect(found.has(id)).toBe(true);
  });
});
