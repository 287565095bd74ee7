import { settle } from "./gesture";
import type { Gesture } from "./gesture";
import type { Size } from "../scene/rect";
import type { Scene } from "../scene/scene";

/** A container at another size, in whole pixels; never smaller than what it holds. Null when nothing changed. */
export function resizeObject(scene: Scene, id: string, size: Size): Gesture | null {
  const box = scene.boxes.get(id);
  const name = scene.index.vpcById.get(id)?.name ?? scene.index.subnetById.get(id)?.name;
  if (!box || name === undefined) return null;
  const settled = settle(scene, null, { [id]: { x: box.x, y: box.y, width: Math.round(size.width), height: Math.round(size.height) } });
  if (!settled.ok || Object.keys(settled.layoutPatch).length === 0) return null;
  return { label: `Resize ${name}`, command: null, layoutPatch: settled.layoutPatch };
}
