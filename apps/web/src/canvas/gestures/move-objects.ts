import type { EditCommand, SingleCommand } from "@vpclab/shared/topology/edit-command";
import type { Box, Layout } from "@vpclab/shared/topology/layout";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { nextAddress, nextName } from "@vpclab/shared/topology/allocate";
import { moveInstance } from "@vpclab/shared/topology/new-object";
import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { CARD_SIZE, SUBNET_METRICS, VPC_GAP_MIN, VPC_METRICS, snap } from "../scene/card-size";
import { siblingsIn } from "./drop-object";
import { nearestFreeSpot } from "../scene/free-spot";
import { isSized, refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import { centerOf, containsPoint } from "../scene/rect";
import type { Point, Rect } from "../scene/rect";
import { objectName } from "../scene/object-name";
import { parentIdOf } from "../scene/scene";
import type { Scene } from "../scene/scene";

/** A drag that is under way or just ended. */
export interface Drag {
  /** Where each dragged box stands now, on the canvas. Children of dragged containers are not listed. */
  readonly world: ReadonlyMap<string, Rect>;
  /** The object under the pointer: for it the pointer decides, for the others their middle. */
  readonly leadId: string;
  readonly pointer: Point;
  /** The boxes stand well already, lined up with others perhaps: the grid does not count. */
  readonly exact?: boolean;
}

/** What dropping here would mean, for the highlight: the container that would take the lead object, or why not. */
export function judgeMove(scene: Scene, drag: Drag): Judged<{ readonly targetId: string | null }> {
  let targetId: string | null = null;
  for (const id of drag.world.keys()) {
    const target = targetOf(scene, drag, id);
    if (!target.ok) return target;
    if (id === drag.leadId) ({ targetId } = target);
  }
  return { ok: true, targetId };
}

/** The drop at the end of a drag, as one undo step; refused as a whole when one of the objects cannot go where it was dropped. */
export function moveObjects(scene: Scene, drag: Drag): Judged<Gesture> {
  const moved: Layout = {};
  const commands: SingleCommand[] = [];
  let { document } = scene;
  for (const [id, rect] of drag.world) {
    const target = targetOf(scene, drag, id);
    if (!target.ok) return target;
    if (isCard(scene, id) && target.targetId !== parentIdOf(scene.index, id)) {
      const command = moveCard(document, id, target.targetId!);
      if (!command.ok) return refuse(command.error[0]?.message ?? "It cannot go there.");
      const edited = applyEdit(document, command.value);
      if (!edited.ok) return refuse(edited.error[0]?.message ?? "It cannot go there.");
      ({ document } = edited.value);
      commands.push(...(command.value.op === "batch" ? command.value.commands : [command.value]));
    }
    moved[id] = restingBox(scene, drag, id, rect, target.targetId);
  }
  const command: EditCommand | null = commands.length === 0 ? null : commands.length === 1 ? commands[0]! : { op: "batch", commands };
  const settled = settle(scene, command, moved);
  if (!settled.ok) return settled;
  const label = drag.world.size === 1 ? `Move ${nameOf(scene, drag.leadId)}` : `Move ${drag.world.size} objects`;
  return { ok: true, label, command, layoutPatch: settled.layoutPatch };
}

/** Into another subnet without a drag: at the first free place there. */
export function moveInstanceTo(scene: Scene, instanceId: string, subnetId: string): Judged<Gesture> {
  const command = moveInstance(scene.document, instanceId, subnetId);
  if (!command.ok) return refuse(command.error[0]?.message ?? "The instance cannot go there.");
  const others = siblingsIn(scene, subnetId).map((id) => scene.boxes.get(id)!);
  const { padding, childGap } = SUBNET_METRICS;
  const corner = { x: padding.side, y: padding.top };
  const spot = nearestFreeSpot({ ...corner, ...CARD_SIZE }, others, { gap: childGap, min: corner });
  const settled = settle(scene, command.value, { [instanceId]: spot });
  if (!settled.ok) return settled;
  return { ok: true, label: `Move ${nameOf(scene, instanceId)}`, command: command.value, layoutPatch: settled.layoutPatch };
}

const isCard = ({ index }: Scene, id: string): boolean => index.instanceById.has(id) || index.natGatewayById.has(id);

const moveCard = (document: Topology, id: string, subnetId: string): Result<EditCommand, Issue[]> =>
  id.startsWith("nat-") ? moveNatGateway(document, id, subnetId) : moveInstance(document, id, subnetId);

/** Another subnet for a NAT gateway: a free address there, and another name where its own is taken. */
function moveNatGateway(document: Topology, id: string, subnetId: string): Result<EditCommand, Issue[]> {
  const address = nextAddress(document, subnetId);
  if (address === null) return err([{ severity: "error", code: "SUBNET_FULL", path: [], message: "That subnet has no free address left." }]);
  const index = indexTopology(document);
  const taken = [...index.instancesOfSubnet(subnetId), ...index.natGatewaysOfSubnet(subnetId)].map((other) => other.name);
  const name = index.natGatewayById.get(id)?.name ?? "nat";
  const set = { subnetId, address, name: taken.includes(name) ? nextName(taken, "nat", { bareFirst: true }) : name };
  return ok({ op: "update", kind: "nat-gateway", id, set });
}

function targetOf(scene: Scene, drag: Drag, id: string): Judged<{ readonly targetId: string | null }> {
  const point = id === drag.leadId ? drag.pointer : centerOf(drag.world.get(id)!);
  const subnet = scene.index.subnetById.get(id);
  if (subnet) {
    const vpc = scene.index.vpcById.get(subnet.vpcId)!;
    // Its VPC may be on the move with it: then it is where it was.
    const outer = drag.world.get(vpc.id) ?? scene.world.get(vpc.id)!;
    return containsPoint(outer, point)
      ? { ok: true, targetId: vpc.id }
      : refuse(`${subnet.name} belongs to ${vpc.name} and its range: a subnet stays in its VPC.`);
  }
  const instance = scene.index.instanceById.get(id);
  if (instance) {
    const target = scene.document.subnets.find((candidate) => containsPoint(scene.world.get(candidate.id)!, point));
    return target
      ? { ok: true, targetId: target.id }
      : refuse(`${instance.name} needs a subnet: drop it inside one, or press Delete to remove it.`);
  }
  const gateway = scene.index.natGatewayById.get(id);
  if (gateway) {
    const vpcId = scene.index.subnetById.get(gateway.subnetId)?.vpcId;
    const target = scene.document.subnets.find((candidate) => candidate.vpcId === vpcId && containsPoint(scene.world.get(candidate.id)!, point));
    return target
      ? { ok: true, targetId: target.id }
      : refuse(`${gateway.name} belongs to its VPC, whose routes lead to it: drop it inside one of that VPC’s subnets.`);
  }
  return { ok: true, targetId: parentIdOf(scene.index, id) };
}

function restingBox(scene: Scene, drag: Drag, id: string, rect: Rect, targetId: string | null): Box {
  const outer = targetId === null ? { x: 0, y: 0 } : drag.world.get(targetId) ?? scene.world.get(targetId)!;
  const round = drag.exact ? Math.round : snap;
  const wanted: Rect = { ...rect, x: round(rect.x - outer.x), y: round(rect.y - outer.y) };
  if (scene.index.gatewayById.has(id)) return { x: wanted.x, y: -rect.height / 2 };
  const others = siblingsIn(scene, targetId).filter((other) => !drag.world.has(other)).map((other) => scene.boxes.get(other)!);
  const metrics = isCard(scene, id) ? SUBNET_METRICS : VPC_METRICS;
  const spot = nearestFreeSpot(wanted, others, targetId === null
    ? { gap: VPC_GAP_MIN, min: { x: -Infinity, y: -Infinity } }
    : { gap: metrics.childGap, min: { x: metrics.padding.side, y: metrics.padding.top } });
  return isSized(id) ? { ...spot, width: rect.width, height: rect.height } : spot;
}

const nameOf = (scene: Scene, id: string): string => objectName(scene.index, id)?.split("/").at(-1) ?? "object";
