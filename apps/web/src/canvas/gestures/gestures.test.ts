import { describe, expect, it } from "vitest";
import { seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { applyLayoutPatch } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { addByKey, peerVpcs } from "./add-by-key";
import { deleteObjects, goneWith } from "./delete-objects";
import { dropObject } from "./drop-object";
import { judgeDrop } from "./drop-target";
import type { Gesture, Judged } from "./gesture";
import { judgeMove, moveInstanceTo, moveObjects } from "./move-objects";
import type { Drag } from "./move-objects";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import { centerOf } from "../scene/rect";
import type { Point } from "../scene/rect";
import { resizeObject } from "./resize-object";
import { sceneOf } from "../scene/scene";
import type { Scene } from "../scene/scene";

const random = seededRandom(7);
const lab = () => sceneOf(twoVpcLab(), {});
const named = (list: readonly { id: string; name: string }[], name: string) => list.find((object) => object.name === name)!.id;
const vpc = ({ document }: Scene, name: string) => named(document.vpcs, name);
const subnet = ({ document }: Scene, vpcName: string, name: string) =>
  document.subnets.find((candidate) => candidate.name === name && candidate.vpcId === named(document.vpcs, vpcName))!.id;
const mainOf = ({ document }: Scene, subnetId: string) => document.instances.find((instance) => instance.subnetId === subnetId)!;
const middle = (scene: Scene, id: string): Point => centerOf(scene.world.get(id)!);
const NOWHERE: Point = { x: -5000, y: -5000 };

/** The gesture's result as a scene of its own; fails the test when it was refused. */
function done(scene: Scene, gesture: Judged<Gesture>): Scene {
  if (!gesture.ok) throw new Error(gesture.reason);
  let document: Topology = scene.document;
  if (gesture.command) {
    const edited = applyEdit(document, gesture.command);
    if (!edited.ok) throw new Error(edited.error[0]!.message);
    ({ document } = edited.value);
  }
  return sceneOf(document, applyLayoutPatch(scene.layout, gesture.layoutPatch));
}

/** A drag of one box by so many pixels, held in its middle. */
function drag(scene: Scene, id: string, dx: number, dy: number): Drag {
  const rect = scene.world.get(id)!;
  const moved = { ...rect, x: rect.x + dx, y: rect.y + dy };
  return { world: new Map([[id, moved]]), leadId: id, pointer: centerOf(moved) };
}

function dragTo(scene: Scene, id: string, to: Point): Drag {
  const from = middle(scene, id);
  return drag(scene, id, to.x - from.x, to.y - from.y);
}

describe("dropping from the palette", () => {
  it("makes a VPC with a free range and name where it was dropped", () => {
    const scene = sceneOf(EMPTY_TOPOLOGY, {});
    const after = done(scene, dropObject(scene, "vpc", { x: 400, y: 300 }, random));
    expect(after.document.vpcs).toMatchObject([{ name: "vpc1", cidr: "10.0.0.0/16" }]);
    const box = after.world.get(after.document.vpcs[0]!.id)!;
    expect(box.x).toBeLessThan(400);
    expect(box.x + box.width).toBeGreaterThan(400);
  });

  it("brings a subnet's main instance along, as one command", () => {
    const scene = lab();
    const gesture = dropObject(scene, "private-subnet", middle(scene, vpc(scene, "vpc2")), random);
    const after = done(scene, gesture);
    const made = after.document.subnets.find(({ name }) => name === "private" && after.document.vpcs.some((v) => v.name === "vpc2" && v.id === after.index.subnetById.get(subnet(after, "vpc2", "private"))!.vpcId))!;
    expect(subnetType(after.index, made)).toBe("private");
    expect(mainOf(after, subnet(after, "vpc2", "private"))).toMatchObject({ name: "main" });
    expect(gesture.ok && gesture.command?.op).toBe("batch");
  });

  it("never lets a new box lie on another", () => {
    let scene = lab();
    const target = middle(scene, mainOf(scene, subnet(scene, "vpc1", "public")).id);
    for (let n = 0; n < 6; n++) scene = done(scene, dropObject(scene, "instance", target, random));
    const cards = scene.index.instancesOfSubnet(subnet(scene, "vpc1", "public")).map(({ id }) => scene.world.get(id)!);
    expect(cards).toHaveLength(7);
    for (const a of cards) for (const b of cards) if (a !== b) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
  });

  it.each([
    ["public-subnet", /belongs to a VPC/], ["instance", /belongs to a subnet/], ["internet-gateway", /belongs to a VPC/],
  ] as const)("refuses a %s beside everything, with the reason", (item, reason) => {
    const refused = judgeDrop(lab(), item, NOWHERE);
    expect(refused).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  it("refuses a second gateway and a VPC in a VPC, naming the one that is there", () => {
    const scene = lab();
    const inside = middle(scene, vpc(scene, "vpc1"));
    expect(judgeDrop(scene, "internet-gateway", inside)).toMatchObject({ ok: false, reason: expect.stringContaining("vpc1-igw") });
    expect(judgeDrop(scene, "vpc", inside)).toMatchObject({ ok: false, reason: expect.stringContaining("vpc1") });
  });
});

describe("dropping onto something", () => {
  const subnetId = (scene: Scene) => subnet(scene, "vpc1", "private");

  it("associates a route table and an ACL with the subnet beneath, in one step", () => {
    const scene = lab();
    const at = { ...middle(scene, subnetId(scene)), y: scene.world.get(subnetId(scene))!.y + 8 };
    const routed = done(scene, dropObject(scene, "route-table", at, random));
    expect(routed.index.routeTableById.get(routed.index.subnetById.get(subnetId(scene))!.routeTableId!)?.name).toBe("rtb1");
    const filtered = done(routed, dropObject(routed, "network-acl", at, random));
    expect(filtered.index.networkAclById.get(filtered.index.subnetById.get(subnetId(scene))!.networkAclId!)?.entries).toEqual([]);
  });

  it("gives an instance the new group and the new address", () => {
    const scene = lab();
    const { id } = mainOf(scene, subnetId(scene));
    const grouped = done(scene, dropObject(scene, "security-group", middle(scene, id), random));
    expect(grouped.index.instanceById.get(id)!.securityGroupIds).toHaveLength(2);
    const addressed = done(grouped, dropObject(grouped, "elastic-ip", middle(grouped, id), random));
    expect(addressed.index.elasticIpOf(id)).toBeDefined();
    expect(judgeDrop(addressed, "elastic-ip", middle(addressed, id))).toMatchObject({ ok: false, reason: expect.stringContaining("already has") });
    expect(done(addressed, dropObject(addressed, "elastic-ip", NOWHERE, random)).document.elasticIps).toContainEqual(expect.objectContaining({ target: null }));
  });

  it.each([["nat-gateway", /stands in a subnet/], ["route-table", /belongs to a VPC/], ["security-group", /belongs to a VPC/], ["network-acl", /belongs to a VPC/]] as const)(
    "refuses a %s beside everything, with the reason", (item, reason) =>
      expect(judgeDrop(lab(), item, NOWHERE)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) }));

  it("puts a NAT gateway into a subnet like a card, and keeps it in its VPC", () => {
    const scene = lab();
    const target = subnet(scene, "vpc1", "public");
    const after = done(scene, dropObject(scene, "nat-gateway", middle(scene, target), random));
    const { id } = after.document.natGateways[0]!;
    expect(after.boxes.has(id)).toBe(true);
    const moved = done(after, moveObjects(after, dragTo(after, id, middle(after, subnet(after, "vpc1", "private")))));
    expect(moved.index.natGatewayById.get(id)).toMatchObject({ subnetId: subnet(after, "vpc1", "private"), address: expect.stringMatching(/^10\.0\.2\./) });
    expect(moveObjects(after, dragTo(after, id, middle(after, subnet(after, "vpc2", "public"))))).toMatchObject({ ok: false, reason: expect.stringContaining("its VPC") });
  });
});

describe("adding by key", () => {
  it("builds a whole VPC without a pointer", () => {
    let scene = sceneOf(EMPTY_TOPOLOGY, {});
    const nothing = new Set<string>();
    for (const item of ["vpc", "internet-gateway", "public-subnet", "instance", "nat-gateway", "elastic-ip", "route-table", "security-group", "network-acl", "vpc"] as const) scene = done(scene, addByKey(scene, item, nothing, random));
    expect(scene.document.vpcs.map(({ name }) => name).sort()).toEqual(["vpc1", "vpc2"]);
    expect(scene.document.instances.map(({ name }) => name).sort()).toEqual(["i1", "main"]);
    expect(scene.document).toMatchObject({ natGateways: [{ name: "nat" }], internetGateways: [{}], elasticIps: expect.arrayContaining([expect.objectContaining({ target: null })]) });
    expect(scene.document.routeTables.map(({ name }) => name)).toContain("rtb1");
    expect(scene.document.securityGroups.map(({ name }) => name)).toContain("sg1");
    expect(scene.document.networkAcls.map(({ name }) => name)).toContain("acl1");
    const both = new Set(scene.document.vpcs.map(({ id }) => id));
    expect(done(scene, addByKey(scene, "peering", both, random)).document.peerings).toHaveLength(1);
  });

  it("adds into the selected container, and says so when that one refuses", () => {
    const scene = lab();
    const chosen = new Set([vpc(scene, "vpc2")]);
    expect(done(scene, addByKey(scene, "public-subnet", chosen, random)).index.subnetsOfVpc(vpc(scene, "vpc2"))).toHaveLength(2);
    expect(addByKey(scene, "internet-gateway", chosen, random)).toMatchObject({ ok: false, reason: expect.stringContaining("vpc2-igw") });
  });

  it("says what is missing", () => {
    const scene = sceneOf(EMPTY_TOPOLOGY, {});
    expect(addByKey(scene, "instance", new Set(), random)).toMatchObject({ ok: false, reason: expect.stringContaining("subnet first") });
    expect(addByKey(scene, "peering", new Set(), random)).toMatchObject({ ok: false, reason: expect.stringContaining("two VPCs") });
  });
});

describe("dragging", () => {
  it("moves an instance into another subnet, with an address of that subnet and a free name", () => {
    const scene = lab();
    const instance = mainOf(scene, subnet(scene, "vpc1", "public"));
    const target = subnet(scene, "vpc2", "public");
    const gesture = dragTo(scene, instance.id, middle(scene, target));
    expect(judgeMove(scene, gesture)).toMatchObject({ ok: true, targetId: target });
    const moved = done(scene, moveObjects(scene, gesture)).index.instanceById.get(instance.id)!;
    expect(moved.subnetId).toBe(target);
    expect(moved.address).toMatch(/^172\.16\.1\./);
    expect(moved.name).not.toBe("main");
  });

  it("within its subnet changes the layout only", () => {
    const scene = lab();
    const instance = mainOf(scene, subnet(scene, "vpc1", "public"));
    const gesture = moveObjects(scene, drag(scene, instance.id, 16, 8));
    expect(gesture).toMatchObject({ ok: true, command: null });
    const before = scene.boxes.get(instance.id)!;
    expect(done(scene, gesture).boxes.get(instance.id)).toMatchObject({ x: before.x + 16, y: before.y + 8 });
  });

  it("refuses an instance outside of subnets and a subnet outside of its VPC", () => {
    const scene = lab();
    const subnetId = subnet(scene, "vpc1", "public");
    expect(moveObjects(scene, dragTo(scene, mainOf(scene, subnetId).id, NOWHERE))).toMatchObject({ ok: false, reason: expect.stringContaining("needs a subnet") });
    expect(moveObjects(scene, dragTo(scene, subnetId, middle(scene, vpc(scene, "vpc2"))))).toMatchObject({ ok: false, reason: expect.stringContaining("stays in its VPC") });
  });

  it("refuses all of several when one of them cannot go there", () => {
    const scene = lab();
    const [a, b] = [mainOf(scene, subnet(scene, "vpc1", "public")), mainOf(scene, subnet(scene, "vpc1", "private"))];
    const one = dragTo(scene, a.id, middle(scene, subnet(scene, "vpc2", "public")));
    const world = new Map([...one.world, [b.id, { ...scene.world.get(b.id)!, ...NOWHERE }]]);
    expect(moveObjects(scene, { ...one, world })).toMatchObject({ ok: false });
  });

  it("takes a VPC's content along without touching it", () => {
    const scene = lab();
    const id = vpc(scene, "vpc1");
    const after = done(scene, moveObjects(scene, drag(scene, id, -600, 80)));
    expect(after.world.get(id)!.x).toBe(scene.world.get(id)!.x - 600);
    expect(after.boxes.get(subnet(scene, "vpc1", "public"))).toEqual(scene.boxes.get(subnet(scene, "vpc1", "public")));
    expect(after.document).toBe(scene.document);
  });

  it("makes the containers grow and the neighbours give way", () => {
    const scene = lab();
    const id = subnet(scene, "vpc1", "public");
    const after = done(scene, moveObjects(scene, drag(scene, mainOf(scene, id).id, 80, 40)));
    const before = scene.world.get(subnet(scene, "vpc1", "private"))!;
    expect(after.world.get(id)!.width).toBeGreaterThan(scene.world.get(id)!.width);
    expect(after.world.get(subnet(scene, "vpc1", "private"))!.x).toBeGreaterThan(before.x);
    expect(after.world.get(vpc(scene, "vpc1"))!.width).toBeGreaterThan(scene.world.get(vpc(scene, "vpc1"))!.width);
  });

  it("has a way without a pointer", () => {
    const scene = lab();
    const instance = mainOf(scene, subnet(scene, "vpc1", "public"));
    const target = subnet(scene, "vpc1", "private");
    expect(done(scene, moveInstanceTo(scene, instance.id, target)).index.instanceById.get(instance.id)!.subnetId).toBe(target);
  });
});

describe("peering", () => {
  it("joins two VPCs once", () => {
    const scene = lab();
    const after = done(scene, peerVpcs(scene, vpc(scene, "vpc1"), vpc(scene, "vpc2"), random));
    expect(after.document.peerings).toMatchObject([{ name: "vpc1-vpc2" }]);
    expect(peerVpcs(after, vpc(scene, "vpc2"), vpc(scene, "vpc1"), random)).toMatchObject({ ok: false, reason: expect.stringContaining("already peered") });
  });

  it("refuses itself and overlapping ranges, naming both", () => {
    const scene = lab();
    const id = vpc(scene, "vpc1");
    expect(peerVpcs(scene, id, id, random)).toMatchObject({ ok: false, reason: expect.stringContaining("itself") });
    const two = done(scene, dropObject(scene, "vpc", NOWHERE, random));
    const twin = two.document.vpcs.find(({ id: other }) => !scene.index.vpcById.has(other))!.id;
    const overlapping = { ...two.document, vpcs: two.document.vpcs.map((other) => (other.id === twin ? { ...other, cidr: "10.0.0.0/16" } : other)) };
    expect(peerVpcs(sceneOf(overlapping, {}), id, twin, random)).toMatchObject({ ok: false, reason: expect.stringMatching(/10\.0\.0\.0\/16.*overlap/) });
  });
});

describe("deleting", () => {
  it("takes what cannot be without it, and forgets where it stood", () => {
    const scene = lab();
    const id = vpc(scene, "vpc1");
    // The VPC, two subnets with an instance each, its gateway, two route tables, an ACL and a group… all that is in it.
    const inside = (list: readonly { vpcId: string }[]) => list.filter(({ vpcId }) => vpcId === id).length;
    const { subnets, internetGateways, routeTables, securityGroups, networkAcls } = scene.document;
    expect(goneWith(scene.document, [id]).size).toBe(1 + 2 * inside(subnets) + inside(internetGateways) + inside(routeTables) + inside(securityGroups) + inside(networkAcls));
    const gesture = deleteObjects(scene.document, new Set([id]));
    const after = done(scene, gesture);
    expect(after.document.subnets).toHaveLength(1);
    expect(gesture.ok && gesture.layoutPatch[subnet(scene, "vpc1", "public")]).toBeNull();
  });

  it("deletes a container and something in it as one step", () => {
    const scene = lab();
    const ids = new Set([vpc(scene, "vpc1"), subnet(scene, "vpc1", "public"), subnet(scene, "vpc2", "public")]);
    expect(done(scene, deleteObjects(scene.document, ids)).document).toMatchObject({ subnets: [], instances: [] });
  });
});

describe("resizing", () => {
  it("changes the size and pushes neighbours, never below the content", () => {
    const scene = lab();
    const id = vpc(scene, "vpc1");
    const bigger = resizeObject(scene, id, { width: 1200, height: 800 })!;
    const after = done(scene, { ok: true, ...bigger });
    expect(after.world.get(id)).toMatchObject({ width: 1200, height: 800 });
    expect(after.world.get(vpc(scene, "vpc2"))!.x).toBeGreaterThan(1200);
    expect(done(after, { ok: true, ...resizeObject(after, id, { width: 8, height: 8 })! }).world.get(id)!.width).toBe(scene.world.get(id)!.width);
  });
});
