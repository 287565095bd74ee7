import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import type { EditCommand, SingleCommand } from "@vpclab/shared/topology/edit-command";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import {
  newElasticIp, newInstance, newInternetGateway, newNatGateway, newNetworkAcl, newRouteTable, newSecurityGroup, newSubnet, newVpc,
} from "@vpclab/shared/topology/new-object";
import type { NewObject } from "@vpclab/shared/topology/new-object";
import { cardsOf, remotePeerings } from "../scene/boxes";
import { CARD_SIZE, GATEWAY_SIZE, SUBNET_METRICS, VPC_GAP, VPC_METRICS, snap } from "../scene/card-size";
import { judgeDrop } from "./drop-target";
import { nearestFreeSpot } from "../scene/free-spot";
import { refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import type { DroppedItem } from "./palette-item";
import { PALETTE_WORDS } from "./palette-item";
import type { Point, Rect, Size } from "../scene/rect";
import { vpcIdOf } from "../scene/scene";
import type { Scene } from "../scene/scene";

/** The finished drop. `point` is where the pointer was; a new box stands as near to it as there is room. */
export function dropObject(scene: Scene, item: DroppedItem, point: Point, random: RandomBytes): Judged<Gesture> {
  const target = judgeDrop(scene, item, point);
  if (!target.ok) return target;
  const made = makeObject(scene, item, target.targetId, random);
  if (!made.ok) return refuse(made.error[0]?.message ?? "There is no room for it.");
  const box = boxFor(scene, item, target.targetId, point);
  const settled = settle(scene, made.value.command, box ? { [made.value.id]: box } : {});
  if (!settled.ok) return settled;
  return { ok: true, label: `Add ${PALETTE_WORDS[item].noun}`, command: made.value.command, layoutPatch: settled.layoutPatch, select: [made.value.id] };
}

function makeObject(scene: Scene, item: DroppedItem, targetId: string | null, random: RandomBytes): Result<NewObject, Issue[]> {
  const { document, index } = scene;
  const vpcId = targetId === null ? "" : vpcIdOf(index, targetId) ?? "";
  switch (item) {
    case "vpc": return newVpc(document, random);
    case "public-subnet": return newSubnet(document, vpcId, "public", random);
    case "private-subnet": return newSubnet(document, vpcId, "private", random);
    case "instance": return newInstance(document, targetId!, random);
    case "nat-gateway": return newNatGateway(document, targetId!, random);
    case "internet-gateway": return ok(newInternetGateway(document, vpcId, random));
    case "elastic-ip": return ok(thenGive(newElasticIp(document, random), (id) => associate(scene, id, targetId)));
    case "route-table": return ok(thenGive(newRouteTable(document, vpcId, random), (id) => giveSubnet(scene, targetId, { routeTableId: id })));
    case "network-acl": return ok(thenGive(newNetworkAcl(document, vpcId, random), (id) => giveSubnet(scene, targetId, { networkAclId: id })));
    case "security-group": return ok(thenGive(newSecurityGroup(document, vpcId, random), (id) => giveInstance(scene, targetId, id)));
  }
}

/** What is dropped onto something is there for it: made and given to it in one step. */
function thenGive(made: NewObject, give: (id: string) => SingleCommand | null): NewObject {
  const command = give(made.id);
  if (!command) return made;
  return { id: made.id, command: { op: "batch", commands: [...singlesOf(made.command), command] } };
}

const singlesOf = (command: EditCommand): readonly SingleCommand[] => (command.op === "batch" ? command.commands : [command]);

function associate({ index }: Scene, id: string, targetId: string | null): SingleCommand | null {
  if (targetId === null) return null;
  const kind = index.natGatewayById.has(targetId) ? "nat-gateway" : "instance";
  return { op: "update", kind: "elastic-ip", id, set: { target: { kind, id: targetId } } };
}

const giveSubnet = ({ index }: Scene, targetId: string | null, set: { routeTableId: string } | { networkAclId: string }): SingleCommand | null =>
  targetId !== null && index.subnetById.has(targetId) ? { op: "update", kind: "subnet", id: targetId, set } : null;

function giveInstance({ index }: Scene, targetId: string | null, groupId: string): SingleCommand | null {
  const instance = index.instanceById.get(targetId ?? "");
  if (!instance) return null;
  return { op: "update", kind: "instance", id: instance.id, set: { securityGroupIds: [...instance.securityGroupIds, groupId] } };
}

/** Where a new box stands, relative to what it is dropped into; null for what has no box of its own. */
function boxFor(scene: Scene, item: DroppedItem, targetId: string | null, point: Point): (Point & Partial<Size>) | null {
  if (isChip(item)) return null;
  const outer = targetId === null ? { x: 0, y: 0 } : scene.world.get(targetId)!;
  const size = sizeOfNew(item);
  const wanted: Rect = { ...size, x: snap(point.x - outer.x - size.width / 2), y: snap(point.y - outer.y - 24) };
  if (item === "internet-gateway") return { x: wanted.x, y: -GATEWAY_SIZE.height / 2 };
  const isCard = item === "instance" || item === "nat-gateway";
  const boxes = siblingsIn(scene, targetId).map((id) => scene.boxes.get(id)!);
  const metrics = isCard ? SUBNET_METRICS : VPC_METRICS;
  const rules = item === "vpc"
    ? { gap: VPC_GAP, min: { x: -Infinity, y: -Infinity } }
    : { gap: metrics.childGap, min: { x: metrics.padding.side, y: metrics.padding.top } };
  const spot = nearestFreeSpot(wanted, boxes, rules);
  return isCard ? spot : { ...spot, ...size };
}

/** The objects that stand directly in a container (null: on the canvas) and take room there. */
export function siblingsIn(scene: Scene, containerId: string | null): readonly string[] {
  if (containerId === null) return [...scene.document.vpcs, ...remotePeerings(scene.document)].map(({ id }) => id);
  if (scene.index.vpcById.has(containerId)) return scene.index.subnetsOfVpc(containerId).map(({ id }) => id);
  return cardsOf(scene.index, containerId);
}

const CHIPS = ["elastic-ip", "route-table", "security-group", "network-acl"] as const;
type Chip = (typeof CHIPS)[number];
/** Drawn as a sign on something else, never as a box. */
const isChip = (item: DroppedItem): item is Chip => (CHIPS as readonly DroppedItem[]).includes(item);

const CHIP_SIZE: Size = { width: 144, height: 32 };

export const sizeOfNew = (item: DroppedItem): Size =>
  item === "vpc" ? VPC_METRICS.min
  : item === "instance" || item === "nat-gateway" ? CARD_SIZE
  : item === "internet-gateway" ? GATEWAY_SIZE
  : isChip(item) ? CHIP_SIZE
  : SUBNET_METRICS.min;
