import { GRID } from "../scene/card-size";
import { refuse } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import { moveObjects } from "./move-objects";
import { centerOf } from "../scene/rect";
import type { Point, Rect } from "../scene/rect";
import { rootBoxes } from "../scene/roots";
import type { Scene } from "../scene/scene";

/** Grid steps of an arrow key, alone and with Shift. */
export const NUDGE = { step: GRID, far: GRID * 10 } as const;

/** The selection moved by a few pixels, as the arrow keys do it: refused like a drag that ended there. */
export function nudge(scene: Scene, selection: ReadonlySet<string>, by: Point): Judged<Gesture> {
  const ids = rootBoxes(scene, selection);
  const [leadId] = ids;
  if (!leadId) return refuse("Select something on the canvas first.");
  const world = new Map<string, Rect>(ids.map((id) => {
    const rect = scene.world.get(id)!;
    return [id, { ...rect, x: rect.x + by.x, y: rect.y + by.y }];
  }));
  return moveObjects(scene, { world, leadId, pointer: centerOf(world.get(leadId)!), exact: true });
}
