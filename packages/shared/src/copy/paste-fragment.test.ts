import { describe, expect, it } from "vitest";
import { peeredLab, seededRandom, twoVpcLab } from "../testing/builders";
import { fullLab, named } from "../testing/full-lab";
import { randomTopology } from "../testing/random-topology";
import { applyEdit } from "../topology/edit";
import { newSubnet, newVpc } from "../topology/new-object";
import { subnetType } from "../topology/subnet-type";
import type { Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { indexTopology, objectsOf } from "../topology/topology-index";
import { fragmentOf, fragmentText, readFragment } from "./fragment";
import { pasteFragment } from "./paste-fragment";
import type { PasteTarget } from "./pasting";

const random = seededRandom(5);
const WHERE_IT_CAME_FROM: PasteTarget = { vpcId: null, subnetId: null };
const idsOf = (doc: Topology) => [...objectsOf(doc)].map(({ object }) => object.id);
const inVpc = <T extends { name: string; vpcId: string }>(doc: Topology, objects: readonly T[], vpcName: string, name: string): T =>
  objects.find((object) => object.name === name && object.vpcId === named(doc.vpcs, vpcName).id)!;
const edited = (doc: Topology, command: Parameters<typeof applyEdit>[1]): Topology => {
  const done = applyEdit(doc, command);
  if (!done.ok) throw new Error(done.error[0]!.message);
  return done.value.document;
};

/** By way of the clipboard's text, as a person does it. */
function copyAndPaste(from: Topology, ids: Iterable<string>, to: Topology, target = WHERE_IT_CAME_FROM) {
  const fragment = fragmentOf(from, {}, ids);
  if (!fragment.ok) throw new Error(fragment.error[0]!.message);
  const read = readFragment(fragmentText(fragment.value));
  if (!read) throw new Error("the clipboard's text was not read");
  return pasteFragment(to, read, target, random);
}
function pasted(from: Topology, ids: Iterable<string>, to: Topology, target = WHERE_IT_CAME_FROM) {
  const done = copyAndPaste(from, ids, to, target);
  if (!done.ok) throw new Error(done.error[0]!.message);
  return { after: edited(to, done.value.command), ids: done.value.ids };
}
const refusalOf = (done: ReturnType<typeof pasteFragment>) => (done.ok ? null : done.error[0]!.message);

describe("pasting a copy", () => {
  it("gives two VPCs the next free ranges and names, and keeps their peering, routes, groups and Elastic IPs among the copies", () => {
    const doc = fullLab();
    const { after, ids } = pasted(doc, doc.vpcs.map(({ id }) => id), doc);
    expect(after.vpcs.map(({ name, cidr }) => [name, cidr]).sort()).toEqual([["vpc1", "10.0.0.0/16"], ["vpc2", "172.16.0.0/16"], ["vpc3", "10.1.0.0/16"], ["vpc4", "10.2.0.0/16"]]);
    for (const collection of ["subnets", "instances", "routeTables", "securityGroups", "networkAcls", "peerings", "natGateways", "elasticIps", "internetGateways"] as const) {
      expect([collection, after[collection].length]).toEqual([collection, doc[collection].length * 2]);
    }
    const peering = named(after.peerings, "vpc3-vpc4");
    const table = after.routeTables.find(({ id }) => id === ids.get(inVpc(doc, doc.routeTables, "vpc1", "nat").id))!;
    expect(table.routes).toEqual([
      { destination: "0.0.0.0/0", target: { kind: "nat-gateway", id: ids.get(named(doc.natGateways, "nat").id) } },
      { destination: "203.0.113.0/24", target: { kind: "instance", id: ids.get(named(doc.instances, "fw").id) } },
    ]);
    const main = after.routeTables.find(({ id }) => id === named(after.vpcs, "vpc3").mainRouteTableId)!;
    expect(main.routes).toContainEqual({ destination: "10.2.0.0/16", target: { kind: "peering", id: peering.id } });
    const db = after.securityGroups.find(({ id }) => id === ids.get(named(doc.securityGroups, "db").id))!;
    expect(db.rules[0]).toMatchObject({ peer: { securityGroupId: ids.get(inVpc(doc, doc.securityGroups, "vpc1", "web").id) } });
    expect(after.elasticIps.filter(({ target }) => target && [...ids.values()].includes(target.id))).toHaveLength(2);
  });

  it("moves addresses and what rules say of the copied range along", () => {
    const doc = peeredLab();
    const { after } = pasted(doc, doc.vpcs.map(({ id }) => id), doc);
    const index = indexTopology(after);
    const copy = named(after.vpcs, "vpc3");
    expect(index.subnetsOfVpc(copy.id).map(({ name, cidr }) => [name, cidr]).sort()).toEqual([["private", "10.1.2.0/24"], ["public", "10.1.1.0/24"]]);
    const [main] = index.instancesOfSubnet(inVpc(after, after.subnets, "vpc3", "public").id);
    expect(main).toMatchObject({ name: "main", address: "10.1.1.2", webServer: { port: 8080 } });
    expect(index.groupById.get(copy.defaultSecurityGroupId)!.rules.map(({ peer }) => ("cidr" in peer ? peer.cidr : null))).toContain("10.2.0.0/16");
    expect(index.routeTableById.get(copy.mainRouteTableId)!.routes).toContainEqual({ destination: "10.2.0.0/16", target: { kind: "peering", id: named(after.peerings, "vpc3-vpc4").id } });
  });

  it("gives an instance in its own subnet the next name and address, with the same groups", () => {
    const doc = twoVpcLab();
    const web = doc.instances.find(({ webServer }) => webServer)!;
    const { after, ids } = pasted(doc, [web.id], doc);
    const copy = after.instances.find(({ id }) => id === ids.get(web.id))!;
    expect(copy).toMatchObject({ subnetId: web.subnetId, name: "i1", address: "10.0.1.3", securityGroupIds: web.securityGroupIds, webServer: web.webServer });
  });

  it("gives an instance in another VPC's subnet the groups of the same names, else the default one", () => {
    const doc = fullLab();
    const target = { vpcId: null, subnetId: inVpc(doc, doc.subnets, "vpc2", "public").id };
    const fw = named(doc.instances, "fw");
    const { after, ids } = pasted(doc, [doc.instances.find(({ webServer }) => webServer)!.id, fw.id], doc, target);
    const copies = after.instances.filter(({ subnetId, id }) => subnetId === target.subnetId && [...ids.values()].includes(id));
    expect(copies.map(({ address }) => address).sort()).toEqual(["172.16.1.3", "172.16.1.4"]);
    const vpc2 = named(after.vpcs, "vpc2");
    const groups = indexTopology(after).groupById;
    expect(copies.flatMap(({ securityGroupIds }) => securityGroupIds).every((id) => groups.get(id)!.vpcId === vpc2.id)).toBe(true);
  });

  it("keeps a public subnet public in a VPC that has no gateway yet, two of them with one gateway", () => {
    const doc = twoVpcLab();
    const empty = newVpc(EMPTY_TOPOLOGY, random);
    if (!empty.ok) throw new Error("refused");
    const to = edited(EMPTY_TOPOLOGY, empty.value.command);
    const subnet = inVpc(doc, doc.subnets, "vpc1", "public");
    const second = newSubnet(doc, subnet.vpcId, "public", random);
    if (!second.ok) throw new Error("refused");
    const { after } = pasted(edited(doc, second.value.command), [subnet.id, second.value.id], to);
    expect(after.subnets.map((copy) => [copy.name, subnetType(indexTopology(after), copy)]).sort()).toEqual([["public", "public"], ["public2", "public"]]);
    expect(after.internetGateways).toHaveLength(1);
  });

  it("into an empty topology is the same drawing with other ids", () => {
    const doc = fullLab();
    const { after } = pasted(doc, idsOf(doc), EMPTY_TOPOLOGY);
    const plain = (topology: Topology) => [...objectsOf(topology)].map(({ kind, object }) => `${kind} ${object.name} ${"cidr" in object ? object.cidr : ""}${"address" in object ? object.address : ""}`).sort();
    expect(plain(after)).toEqual(plain(doc));
    expect(idsOf(after).filter((id) => idsOf(doc).includes(id))).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("of anything in a random drawing is valid, all new, and one edit that undo takes back (seed %i)", (seed) => {
    const doc = randomTopology(seededRandom(seed));
    for (const { object } of objectsOf(doc)) {
      if (!fragmentOf(doc, {}, [object.id]).ok) continue;
      const done = copyAndPaste(doc, [object.id], doc);
      // Refused only where there is no room, or where AWS knows no second one.
      if (!done.ok) expect(["VPC_FULL", "SUBNET_FULL", "IGW_DUPLICATE"]).toContain(done.error[0]!.code);
      if (!done.ok) continue;
      const result = applyEdit(doc, done.value.command);
      expect(result.ok).toBe(true);
      if (!result.ok) continue;
      const before = new Set(idsOf(doc));
      expect(idsOf(result.value.document).filter((id) => !before.has(id)).length).toBeGreaterThan(0);
      const back = applyEdit(result.value.document, result.value.inverse);
      expect(back.ok && back.value.document).toEqual(doc);
    }
  });
});

describe("what has no place is refused as a whole, with what to do", () => {
  it("an instance where its subnet is unknown", () => {
    const doc = twoVpcLab();
    expect(refusalOf(copyAndPaste(doc, [doc.instances[0]!.id], EMPTY_TOPOLOGY))).toContain("select the subnet");
  });

  it("a subnet where a VPC has no room for it", () => {
    const doc = twoVpcLab();
    const made = newVpc(EMPTY_TOPOLOGY, random, { cidr: "192.168.0.0/28" });
    if (!made.ok) throw new Error("refused");
    const small = edited(EMPTY_TOPOLOGY, made.value.command);
    expect(refusalOf(copyAndPaste(doc, [doc.subnets[0]!.id], small))).toContain("has no free /24 left");
  });

  it("a second internet gateway", () => {
    const doc = twoVpcLab();
    expect(refusalOf(copyAndPaste(doc, [doc.internetGateways[0]!.id], doc))).toContain("already has an internet gateway");
  });

  it("a peering without its VPCs cannot be copied", () => {
    const doc = peeredLab();
    const fragment = fragmentOf(doc, {}, [doc.peerings[0]!.id]);
    expect(fragment.ok ? null : fragment.error[0]!.message).toContain("with both of its VPCs");
  });
});

describe("the clipboard's text", () => {
  it("holds nothing of the drawing but what was copied and what that refers to", () => {
    const doc = fullLab();
    const fragment = fragmentOf(doc, {}, [named(doc.instances, "fw").id]);
    const kept = fragment.ok ? fragment.value.document : EMPTY_TOPOLOGY;
    expect(kept.vpcs.map(({ name }) => name)).toEqual(["vpc1"]);
    expect(kept.instances.map(({ name }) => name)).toEqual(["fw"]);
    expect([kept.natGateways, kept.peerings, kept.elasticIps]).toEqual([[], [], []]);
  });

  it.each(["", "hello", "{", "{}", "[".repeat(100_000), `{"vpclab":"selection","copied":["x"],"document":{},"layout":{}}`])("that is anything else is not taken: %.20s", (text) => {
    expect(readFragment(text)).toBeNull();
  });

  it("that names what it does not hold, or holds a broken drawing, is not taken", () => {
    const doc = twoVpcLab();
    const fragment = fragmentOf(doc, {}, [doc.vpcs[0]!.id]);
    if (!fragment.ok) throw new Error("refused");
    expect(readFragment(fragmentText({ ...fragment.value, copied: ["vpc-00000000ffff"] }))).toBeNull();
    const broken = { ...fragment.value.document, vpcs: fragment.value.document.vpcs.map((vpc) => ({ ...vpc, cidr: "10/8; rm" })) };
    expect(readFragment(fragmentText({ ...fragment.value, document: broken }))).toBeNull();
  });
});
