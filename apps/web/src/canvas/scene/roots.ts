import { INTERNET_ID, parentIdOf } from "./scene";
import type { Scene } from "./scene";

/** Of a selection, the boxes that move by themselves: not those whose container is selected too, and nothing that has no box. */
export function rootBoxes(scene: Scene, selection: ReadonlySet<string>): readonly string[] {
  return [...selection].filter((id) => {
    if (!scene.boxes.has(id) || id === INTERNET_ID) return false;
    for (let parent = parentIdOf(scene.index, id); parent; parent = parentIdOf(scene.index, parent)) if (selection.has(parent)) return false;
    return true;
  });
}
