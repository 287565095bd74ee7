import type { RandomBytes } from "@vpclab/shared/topology/ids";
import { newInstances } from "@vpclab/shared/topology/new-instances";
import { refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import type { Scene } from "../scene/scene";

/** Many instances in one subnet, in rows beside those that are there: one undo step, all or none. */
export function addInstances(scene: Scene, subnetId: string, count: number, random: RandomBytes): Judged<Gesture> {
  const made = newInstances(scene.document, subnetId, count, random);
  if (!made.ok) return refuse(made.error[0]?.message ?? "There is no room for them.");
  const settled = settle(scene, made.value.command, {});
  if (!settled.ok) return settled;
  return { ok: true, label: `Add ${count} ${count === 1 ? "instance" : "instances"}`, command: made.value.command, layoutPatch: settled.layoutPatch, select: made.value.ids };
}
