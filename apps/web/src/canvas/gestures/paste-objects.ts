import type { Fragment } from "@vpclab/shared/copy/fragment";
import { pasteFragment } from "@vpclab/shared/copy/paste-fragment";
import type { PasteTarget } from "@vpclab/shared/copy/pasting";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import type { Box, Layout } from "@vpclab/shared/topology/layout";
import { findObject, indexTopology } from "@vpclab/shared/topology/topology-index";
import { CARD_SIZE, SUBNET_METRICS, VPC_GAP, VPC_METRICS, snap } from "../scene/card-size";
import { siblingsIn } from "./drop-object";
import { nearestFreeSpot } from "../scene/free-spot";
import { hasBox, isSized, refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import { boundsOf, containsPoint } from "../scene/rect";
import type { Point, Rect } from "../scene/rect";
import { parentIdOf, sceneOf, vpcIdOf } from "../scene/scene";
import type { Scene } from "../scene/scene";

/** Where pasted objects go that bring no container along: what is selected, else what the pointer is over (flow pixels). */
export function pasteTarget(scene: Scene, selection: ReadonlySet<string>, pointer: Point | null): PasteTarget {
  const under = (objects: readonly { readonly id: string }[]) =>
    (pointer && objects.find(({ id }) => containsPoint(scene.world.get(id)!, pointer))?.id) || null;
  const chosen = [...selection].find((id) => scene.index.subnetById.has(id) || scene.index.vpcById.has(id));
  if (chosen) return { subnetId: scene.index.subnetById.has(chosen) ? chosen : null, vpcId: vpcIdOf(scene.index, chosen) };
  const subnetId = under(scene.document.subnets);
  const card = [...selection].find((id) => parentIdOf(scene.index, id)?.startsWith("subnet-"));
  const parent = subnetId ?? (card ? parentIdOf(scene.index, card) : null);
  const vpcId = under(scene.document.vpcs) ?? (parent ? vpcIdOf(scene.index, parent) : null);
  return { subnetId: parent, vpcId };
}

/** A copied selection pasted as one undo step; the copies are selected, stand together as they did, and lie on nothing. */
export function pasteObjects(scene: Scene, fragment: Fragment, target: PasteTarget, random: RandomBytes): Judged<Gesture> {
  const pasted = pasteFragment(scene.document, fragment, target, random);
  if (!pasted.ok) return refuse(pasted.error[0]?.message ?? "It cannot be pasted here.");
  const { command, ids } = pasted.value;
  const edited = applyEdit(scene.document, command);
  if (!edited.ok) return refuse(edited.error[0]?.message ?? "It cannot be pasted here.");
  const copied = new Set(fragment.copied);
  const from = indexTopology(fragment.document);
  const roots = fragment.copied.filter((id) => !copied.has(parentIdOf(from, id) ?? ""));
  const boxes: Layout = {};
  for (const id of fragment.copied) {
    const box = fragment.layout[id];
    if (box && !roots.includes(id)) boxes[ids.get(id)!] = box;
  }
  Object.assign(boxes, rootBoxesFor(scene, sceneOf(edited.value.document, scene.layout), roots.filter(hasBox), fragment, ids));
  const settled = settle(scene, command, boxes);
  if (!settled.ok) return settled;
  const owned = (id: string) => !hasBox(id) && fragment.copied.some((other) => other !== id && vpcIdOf(from, id) === other);
  const selected = roots.filter((id) => !owned(id)).map((id) => ids.get(id)!);
  const [only] = selected;
  const name = selected.length === 1 && only ? findObject(edited.value.document, only)?.object.name : undefined;
  return { ok: true, label: `Paste ${name ?? `${selected.length} objects`}`, command, layoutPatch: settled.layoutPatch, select: selected };
}

/** Each container's newcomers as one group, at the free place nearest to where they were copied from. */
function rootBoxesFor(scene: Scene, after: Scene, roots: readonly string[], fragment: Fragment, ids: ReadonlyMap<string, string>): Layout {
  const boxes: Layout = {};
  const groups = new Map<string | null, string[]>();
  for (const id of roots.filter((root) => !root.startsWith("igw-") && !root.startsWith("pcx-"))) {
    const containerId = parentIdOf(after.index, ids.get(id)!);
    groups.set(containerId, [...(groups.get(containerId) ?? []), id]);
  }
  for (const [containerId, members] of groups) {
    const rects = members.map((id) => ({ id, rect: rectOf(fragment, after, id, ids) }));
    const bounds = boundsOf(rects.map(({ rect }) => rect))!;
    const others = containerId !== null && !scene.boxes.has(containerId) ? [] : siblingsIn(scene, containerId).map((id) => scene.boxes.get(id)!);
    const metrics = containerId?.startsWith("subnet-") ? SUBNET_METRICS : VPC_METRICS;
    const spot = nearestFreeSpot(bounds, others, containerId === null
      ? { gap: VPC_GAP, min: { x: -Infinity, y: -Infinity } }
      : { gap: metrics.childGap, min: { x: metrics.padding.side, y: metrics.padding.top } });
    for (const { id, rect } of rects) {
      const place: Box = { x: snap(rect.x - bounds.x + spot.x), y: snap(rect.y - bounds.y + spot.y) };
      boxes[ids.get(id)!] = isSized(id) ? { ...place, width: rect.width, height: rect.height } : place;
    }
  }
  return boxes;
}

function rectOf(fragment: Fragment, after: Scene, id: string, ids: ReadonlyMap<string, string>): Rect {
  const size = isSized(id) ? after.boxes.get(ids.get(id)!)! : CARD_SIZE;
  const box = fragment.layout[id];
  return { x: box?.x ?? 0, y: box?.y ?? 0, width: Math.max(box?.width ?? 0, size.width), height: Math.max(box?.height ?? 0, size.height) };
}
