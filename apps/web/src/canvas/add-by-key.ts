import type { RandomBytes } from "@vpclab/shared/topology/ids";
import { newPeering } from "@vpclab/shared/topology/new-object";
import { VPC_METRICS, VPC_GAP } from "./card-size";
import { dropObject } from "./drop-object";
import { refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import type { DroppedItem, PaletteItem } from "./palette-item";
import { boundsOf } from "./rect";
import type { Point } from "./rect";
import type { Scene } from "./scene";
import { vpcIdOf } from "./scene";
import { peeringRefusal } from "./connect-vpcs";

/** Adds without a pointer: into the selected container, else into the first that takes it. */
export function addByKey(scene: Scene, item: PaletteItem, selection: ReadonlySet<string>, random: RandomBytes): Judged<Gesture> {
  if (item === "peering") return peerSelected(scene, selection, random);
  const places = placesFor(scene, item, selection);
  let refusal: Judged<Gesture> | null = null;
  for (const point of places) {
    const dropped = dropObject(scene, item, point, random);
    if (dropped.ok) return dropped;
    refusal ??= dropped;
  }
  return refusal ?? refuse(item === "instance" ? "An instance belongs to a subnet: add a subnet first." : "Add a VPC first.");
}

/** A peering between two VPCs, both given by a person; refused in words where the rules forbid it. */
export function peerVpcs(scene: Scene, requesterVpcId: string, accepterVpcId: string, random: RandomBytes): Judged<Gesture> {
  const reason = peeringRefusal(scene.document, requesterVpcId, accepterVpcId);
  if (reason !== null) return refuse(reason);
  const made = newPeering(scene.document, requesterVpcId, accepterVpcId, random);
  const settled = settle(scene, made.command, {});
  if (!settled.ok) return settled;
  return { ok: true, label: "Add peering", command: made.command, layoutPatch: settled.layoutPatch, select: [made.id] };
}

function peerSelected(scene: Scene, selection: ReadonlySet<string>, random: RandomBytes): Judged<Gesture> {
  const chosen = [...new Set([...selection].flatMap((id) => vpcIdOf(scene.index, id) ?? []))];
  const [first, second] = chosen;
  if (!first || !second) return refuse("Select two VPCs first (Shift and click), or peer from a VPC’s inspector.");
  return peerVpcs(scene, first, second, random);
}

function placesFor(scene: Scene, item: DroppedItem, selection: ReadonlySet<string>): readonly Point[] {
  if (item === "vpc") {
    const bounds = boundsOf(scene.document.vpcs.map(({ id }) => scene.world.get(id)!));
    return [bounds ? { x: bounds.x + bounds.width + VPC_GAP + VPC_METRICS.min.width / 2, y: bounds.y + 24 } : { x: 0, y: 0 }];
  }
  const containers = (item === "instance" ? scene.document.subnets : scene.document.vpcs).map(({ id }) => id);
  const chosen = containers.filter((id) => [...selection].some((selected) => isWithin(scene, selected, id)));
  // A selected container is meant, also when it refuses; otherwise the first that takes it.
  return (chosen.length > 0 ? chosen : containers).map((id) => {
    const rect = scene.world.get(id)!;
    return { x: rect.x + rect.width / 2, y: rect.y + 8 };
  });
}

const isWithin = (scene: Scene, id: string, containerId: string): boolean =>
  id === containerId || scene.index.instanceById.get(id)?.subnetId === containerId ||
  vpcIdOf(scene.index, id) === containerId;
