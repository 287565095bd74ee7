import { describe, expect, it } from "vitest";
import { gridTopology, seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { fullLab, named } from "@vpclab/shared/testing/full-lab";
import { fragmentOf } from "@vpclab/shared/copy/fragment";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { applyLayoutPatch } from "@vpclab/shared/topology/layout";
import { addInstances } from "./add-instances";
import { arrange } from "./arrange";
import { commandsFor } from "../hooks/command";
import type { Command } from "../hooks/command";
import { connectChoices } from "./connect-choices";
import { placeMoved, placeResized } from "./drag-place";
import type { Gesture, Judged } from "./gesture";
import { nodesOf } from "../scene/from-topology";
import { alignMoved } from "../scene/guides";
import { nudge } from "./nudge";
import { pasteObjects, pasteTarget } from "./paste-objects";
import { centerOf, tooNear } from "../scene/rect";
import { rootBoxes } from "../scene/roots";
import { sceneOf } from "../scene/scene";
import type { Scene } from "../scene/scene";
import { matchesShortcut } from "../hooks/shortcut";

const random = seededRandom(9);
const lab = () => sceneOf(twoVpcLab(), {});
const grid = () => sceneOf(gridTopology({ vpcs: 3, subnetsPerVpc: 1, instancesPerSubnet: 4 }), {});

function done(scene: Scene, gesture: Judged<Gesture>): Scene {
  if (!gesture.ok) throw new Error(gesture.reason);
  const edited = gesture.command ? applyEdit(scene.document, gesture.command) : null;
  if (edited && !edited.ok) throw new Error(edited.error[0]!.message);
  return sceneOf(edited ? edited.value.document : scene.document, applyLayoutPatch(scene.layout, gesture.layoutPatch));
}
const reasonOf = (gesture: Judged<Gesture>) => (gesture.ok ? null : gesture.reason);
const vpcIds = (scene: Scene) => scene.document.vpcs.map(({ id }) => id);

describe("moving by the arrow keys", () => {
  it("moves what is selected by the grid, a container with what is in it once only", () => {
    const scene = lab();
    const [vpc] = vpcIds(scene);
    const inside = scene.index.subnetsOfVpc(vpc!).map(({ id }) => id);
    expect(rootBoxes(scene, new Set([vpc!, ...inside]))).toEqual([vpc]);
    const after = done(scene, nudge(scene, new Set([vpc!, ...inside]), { x: 8, y: -80 }));
    expect(after.world.get(vpc!)).toMatchObject({ x: scene.world.get(vpc!)!.x + 8, y: scene.world.get(vpc!)!.y - 80 });
    for (const id of inside) expect(after.boxes.get(id)).toEqual(scene.boxes.get(id));
  });

  it("refuses to leave the subnet's VPC, and says why", () => {
    const scene = lab();
    expect(reasonOf(nudge(scene, new Set([scene.document.subnets[0]!.id]), { x: -4000, y: 0 }))).toContain("stays in its VPC");
  });
});

describe("aligning and distributing", () => {
  it("aligns the left edges and keeps what would lie on each other apart", () => {
    const scene = grid();
    const after = done(scene, arrange(scene, new Set(vpcIds(scene)), "left"));
    const rects = vpcIds(after).map((id) => after.world.get(id)!);
    expect(new Set(rects.map(({ x }) => x)).size).toBe(1);
    for (const [at, rect] of rects.entries()) for (const other of rects.slice(at + 1)) expect(tooNear(rect, other, 40)).toBe(false);
  });

  it("distributes with equal gaps between the first and the last, which stay", () => {
    const scene = grid();
    const [a, b, c] = vpcIds(scene);
    const layout = { [a!]: { x: 0, y: 0 }, [b!]: { x: 1300, y: 40 }, [c!]: { x: 3000, y: 0 } };
    const loose = sceneOf(scene.document, layout);
    const after = done(loose, arrange(loose, new Set(vpcIds(loose)), "across"));
    const [first, second, third] = vpcIds(after).map((id) => after.world.get(id)!);
    expect([first!.x, third!.x]).toEqual([0, 3000]);
    expect(second!.x - (first!.x + first!.width)).toBe(third!.x - (second!.x + second!.width));
    expect(second!.y).toBe(40);
  });

  it("refuses boxes of different containers", () => {
    const scene = lab();
    expect(reasonOf(arrange(scene, new Set(scene.document.instances.map(({ id }) => id)), "top"))).toContain("one container");
    expect(reasonOf(arrange(scene, new Set([vpcIds(scene)[0]!]), "top"))).toContain("two or more");
  });
});

describe("guides", () => {
  const box = { x: 103, y: 0, width: 50, height: 20 };
  it("line up edges and middles with the nearest neighbour within reach, and say where", () => {
    const found = alignMoved(box, [{ x: 100, y: 200, width: 80, height: 20 }], 6);
    expect(found).toMatchObject({ delta: { x: -3, y: 0 }, exact: { x: true, y: false } });
    expect(found.guides).toEqual([{ kind: "line", axis: "x", at: 100, from: 0, to: 220 }]);
    expect(alignMoved(box, [{ x: 200, y: 200, width: 80, height: 20 }], 6).guides).toEqual([]);
  });

  it("give way to the grid where there is no neighbour, and both give way to Alt", () => {
    const scene = lab();
    const [id] = vpcIds(scene);
    const at = scene.world.get(id!)!;
    const moved = new Map([[id!, { ...at, x: at.x + 1003, y: at.y + 1501 }]]);
    const placed = placeMoved(scene, moved, id!, { free: false, zoom: 1, containerId: null });
    expect(((at.x + 1003 + placed.delta.x) % 8 + 8) % 8).toBe(0);
    expect(placeMoved(scene, moved, id!, { free: true, zoom: 1, containerId: null }).delta).toEqual({ x: 0, y: 0 });
  });

  it("let a resized container end where its neighbour ends", () => {
    const scene = lab();
    const [first, second] = vpcIds(scene).map((id) => scene.world.get(id)!);
    const size = { width: second!.x + second!.width - first!.x + 4, height: 2003 };
    expect(placeResized(scene, vpcIds(scene)[0]!, size, { free: false, zoom: 1 })).toMatchObject({ size: { width: size.width - 4, height: 2000 } });
  });
});

describe("pasting on the canvas", () => {
  it("puts copies beside the others, together as they stood, and selects them", () => {
    const scene = lab();
    const boxes = Object.fromEntries(scene.boxes);
    const copied = fragmentOf(scene.document, boxes, vpcIds(scene));
    if (!copied.ok) throw new Error("refused");
    const gesture = pasteObjects(scene, copied.value, { vpcId: null, subnetId: null }, random);
    const after = done(scene, gesture);
    expect(gesture.ok && gesture.select!.filter((id) => id.startsWith("vpc-"))).toHaveLength(2);
    const rects = vpcIds(after).map((id) => after.world.get(id)!);
    for (const [at, rect] of rects.entries()) for (const other of rects.slice(at + 1)) expect(tooNear(rect, other, 40)).toBe(false);
    const of = (name: string) => after.world.get(named(after.document.vpcs, name).id)!;
    expect(of("vpc4").x - of("vpc3").x).toBe(of("vpc2").x - of("vpc1").x);
    expect(of("vpc4").y - of("vpc3").y).toBe(of("vpc2").y - of("vpc1").y);
  });

  it("goes into the selected subnet before the one under the pointer, and into that before where it came from", () => {
    const scene = lab();
    const [first, second] = scene.document.subnets;
    const over = centerOf(scene.world.get(second!.id)!);
    expect(pasteTarget(scene, new Set([first!.id]), over).subnetId).toBe(first!.id);
    expect(pasteTarget(scene, new Set(), over)).toEqual({ subnetId: second!.id, vpcId: second!.vpcId });
    expect(pasteTarget(scene, new Set(), null)).toEqual({ subnetId: null, vpcId: null });
  });
});

describe("many instances", () => {
  it("stand in rows without lying on each other, and the subnet grows around them", () => {
    const scene = lab();
    const { id } = scene.document.subnets[0]!;
    const after = done(scene, addInstances(scene, id, 25, random));
    const cards = after.index.instancesOfSubnet(id).map((card) => after.boxes.get(card.id)!);
    expect(cards).toHaveLength(26);
    const outer = after.boxes.get(id)!;
    for (const [at, card] of cards.entries()) {
      expect(card.x + card.width <= outer.width && card.y + card.height <= outer.height).toBe(true);
      for (const other of cards.slice(at + 1)) expect(tooNear(card, other, 8)).toBe(false);
    }
  });
});

describe("connecting by the keyboard", () => {
  it("offers peerings for a VPC with the reason where one cannot be, and routes for a subnet", () => {
    const scene = sceneOf(fullLab(), {});
    const vpc1 = named(scene.document.vpcs, "vpc1").id;
    expect(connectChoices(scene, new Set([vpc1])).map(({ label, refusal }) => [label, refusal])).toEqual([["Peer vpc1 with vpc2", "vpc1 and vpc2 are already peered (vpc1-vpc2)."]]);
    const subnet = scene.document.subnets.find(({ name, vpcId }) => name === "private" && vpcId === vpc1)!;
    const choices = connectChoices(scene, new Set([subnet.id]));
    expect(choices.map(({ label }) => label)).toEqual([
      "Route everything of private to internet gateway vpc1-igw (table nat)", "Route 172.16.0.0/16 of private to peering vpc1-vpc2 (table nat)",
    ]);
    const after = done(scene, choices[1]!.make(scene, random));
    expect(named(after.document.routeTables, "nat").routes.map(({ destination }) => destination)).toContain("172.16.0.0/16");
    expect(connectChoices(after, new Set([subnet.id]))).toHaveLength(1);
  });
});

describe("commands", () => {
  const command = (label: string, words = ""): Command => ({ id: label, label, section: "Edit", words, run: () => undefined });
  const commands = [command("Zoom to fit"), command("Add instance"), command("Lay out automatically", "auto-layout tidy"), command("Apply")];
  it.each([["add in", "Add instance"], ["fit", "Zoom to fit"], ["tidy", "Lay out automatically"], ["auto layout", "Lay out automatically"], ["app", "Apply"]])("%s means %s", (query, label) => {
    expect(commandsFor(commands, query)[0]?.label).toBe(label);
  });
  it("that nobody asked for are not offered", () => expect(commandsFor(commands, "zebra")).toEqual([]));

  it.each([
    ["Ctrl+Z", { key: "z", ctrlKey: true }, true], ["Ctrl+Z", { key: "Z", ctrlKey: true, shiftKey: true }, false], ["Ctrl+Shift+Z", { key: "Z", metaKey: true, shiftKey: true }, true],
    ["?", { key: "?", shiftKey: true }, true], ["F", { key: "f" }, true], ["F", { key: "f", ctrlKey: true }, false], ["F", { key: "f", altKey: true }, false], ["Delete", { key: "Delete" }, true], ["+", { key: "+", shiftKey: true }, true], ["+", { key: "-" }, false],
  ])("%s and %o: %s", (keys, event, matches) => {
    expect(matchesShortcut({ ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...event }, keys)).toBe(matches);
  });
});

it("parents always come before their children, as React Flow needs it", () => {
  const scene = sceneOf(fullLab(), {});
  const seen = new Set<string>();
  for (const node of nodesOf(scene)) {
    if (node.parentId) expect(seen.has(node.parentId)).toBe(true);
    seen.add(node.id);
  }
});
