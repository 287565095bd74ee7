import { parentIdOf } from "../../canvas/scene/scene";
import type { Scene } from "../../canvas/scene/scene";

/** The subnet that is meant by a selection: it itself, or that of a selected card; null where there is none. */
export function subnetOfSelection({ index }: Scene, selection: ReadonlySet<string>): string | null {
  for (const id of selection) {
    if (index.subnetById.has(id)) return id;
    const parent = parentIdOf(index, id);
    if (parent && index.subnetById.has(parent)) return parent;
  }
  return null;
}
