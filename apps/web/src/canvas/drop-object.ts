import type { RandomBytes } from "@vpclab/shared/topology/ids";
import type { Result } from "@vpclab/shared/errors/result";
import type { Issue } from "@vpclab/shared/errors/issue";
import { newInstance, newInternetGateway, newSubnet, newVpc } from "@vpclab/shared/topology/new-object";
import type { NewObject } from "@vpclab/shared/topology/new-object";
import { GATEWAY_SIZE, INSTANCE_SIZE, SUBNET_METRICS, VPC_GAP, VPC_METRICS, snap } from "./card-size";
import { nearestFreeSpot } from "./free-spot";
import { refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import type { DroppedItem } from "./palette-item";
import { PALETTE_WORDS } from "./palette-item";
import { containsPoint } from "./rect";
import type { Point, Rect, Size } from "./rect";
import type { Scene } from "./scene";

/** Where a dropped item would go: the container's id, null for the canvas itself. */
export type DropTarget = Judged<{ readonly targetId: string | null }>;

/** What a drop here would mean, asked on every move of the pointer: only looks up, creates nothing. */
export function judgeDrop(scene: Scene, item: DroppedItem, point: Point): DropTarget {
  const vpc = scene.document.vpcs.find(({ id }) => holds(scene, id, point));
  switch (item) {
    case "vpc":
      return vpc ? refuse(`A VPC cannot stand inside another: drop it beside ${vpc.name}.`) : { ok: true, targetId: null };
    case "public-subnet":
    case "private-subnet":
      return vpc ? { ok: true, targetId: vpc.id } : refuse("A subnet belongs to a VPC: drop it inside one.");
    case "internet-gateway": {
      if (!vpc) return refuse("An internet gateway belongs to a VPC: drop it onto one.");
      const other = scene.index.gatewayOfVpc(vpc.id);
      return other ? refuse(`${vpc.name} already has an internet gateway (${other.name}); a VPC has at most one.`) : { ok: true, targetId: vpc.id };
    }
    case "instance": {
      const subnet = scene.document.subnets.find(({ id }) => holds(scene, id, point));
      if (subnet) return { ok: true, targetId: subnet.id };
      return refuse(vpc ? `An instance belongs to a subnet: drop it onto one of ${vpc.name}’s subnets.` : "An instance belongs to a subnet: drop it inside one.");
    }
  }
}

/** The finished drop. `point` is where the pointer was; the new object stands as near to it as there is room. */
export function dropObject(scene: Scene, item: DroppedItem, point: Point, random: RandomBytes): Judged<Gesture> {
  const target = judgeDrop(scene, item, point);
  if (!target.ok) return target;
  const made = makeObject(scene, item, target.targetId, random);
  if (!made.ok) return refuse(made.error[0]?.message ?? "There is no room for it.");
  const box = boxFor(scene, item, target.targetId, point);
  const settled = settle(scene, made.value.command, { [made.value.id]: box });
  if (!settled.ok) return settled;
  const label = `Add ${PALETTE_WORDS[item].label.replace(/^[PI](?!P)/, (letter) => letter.toLowerCase())}`;
  return { ok: true, label, command: made.value.command, layoutPatch: settled.layoutPatch, select: [made.value.id] };
}

function makeObject(scene: Scene, item: DroppedItem, targetId: string | null, random: RandomBytes): Result<NewObject, Issue[]> {
  const { document } = scene;
  switch (item) {
    case "vpc": return newVpc(document, random);
    case "public-subnet": return newSubnet(document, targetId!, "public", random);
    case "private-subnet": return newSubnet(document, targetId!, "private", random);
    case "instance": return newInstance(document, targetId!, random);
    case "internet-gateway": return { ok: true, value: newInternetGateway(document, targetId!, random) };
  }
}

function boxFor(scene: Scene, item: DroppedItem, targetId: string | null, point: Point): Point & Partial<Size> {
  const outer = targetId === null ? { x: 0, y: 0 } : scene.world.get(targetId)!;
  const size = sizeOfNew(item);
  const wanted: Rect = { ...size, x: snap(point.x - outer.x - size.width / 2), y: snap(point.y - outer.y - 24) };
  if (item === "internet-gateway") return { x: wanted.x, y: -GATEWAY_SIZE.height / 2 };
  const boxes = siblingsIn(scene, targetId).map((id) => scene.boxes.get(id)!);
  const metrics = item === "instance" ? SUBNET_METRICS : VPC_METRICS;
  const rules = item === "vpc"
    ? { gap: VPC_GAP, min: { x: -Infinity, y: -Infinity } }
    : { gap: metrics.childGap, min: { x: metrics.padding.side, y: metrics.padding.top } };
  const spot = nearestFreeSpot(wanted, boxes, rules);
  return item === "instance" ? spot : { ...spot, ...size };
}

/** The objects that stand directly in a container (null: on the canvas) and take room there. */
export function siblingsIn(scene: Scene, containerId: string | null): readonly string[] {
  if (containerId === null) return scene.document.vpcs.map(({ id }) => id);
  if (scene.index.vpcById.has(containerId)) return scene.index.subnetsOfVpc(containerId).map(({ id }) => id);
  return scene.index.instancesOfSubnet(containerId).map(({ id }) => id);
}

const holds = (scene: Scene, id: string, point: Point): boolean => containsPoint(scene.world.get(id)!, point);

export const sizeOfNew = (item: DroppedItem): Size =>
  item === "vpc" ? VPC_METRICS.min
  : item === "instance" ? INSTANCE_SIZE
  : item === "internet-gateway" ? GATEWAY_SIZE
  : SUBNET_METRICS.min;
