import { GRID, snap } from "../scene/card-size";
import { siblingsIn } from "./drop-object";
import { alignMoved, alignResized } from "../scene/guides";
import type { Guide } from "../scene/guide";
import type { Point, Rect, Size } from "../scene/rect";
import { parentIdOf } from "../scene/scene";
import type { Scene } from "../scene/scene";

/** How a dragged box is held: Alt lets it go anywhere, else it lines up with its neighbours, else with the grid. */
export interface Hold {
  readonly free: boolean;
  readonly zoom: number;
  /** The container that the box is over; its other boxes are the neighbours. */
  readonly containerId: string | null;
}

/** Pixels on the screen within which edges attract each other. */
const REACH_PX = 6;

/** By how much everything that is dragged has to move, so that the lead box stands well. `moved`: on the canvas, as the pointer has them. */
export function placeMoved(scene: Scene, moved: ReadonlyMap<string, Rect>, leadId: string, hold: Hold): { readonly delta: Point; readonly guides: readonly Guide[] } {
  const lead = moved.get(leadId);
  if (!lead || hold.free || leadId.startsWith("igw-")) return { delta: { x: 0, y: 0 }, guides: [] };
  const { delta, exact, guides } = alignMoved(lead, neighbours(scene, hold.containerId, moved), REACH_PX / hold.zoom);
  const outer = scene.world.get(parentIdOf(scene.index, leadId) ?? "") ?? { x: 0, y: 0 };
  const toGrid = (at: number, origin: number) => snap(at - origin) - (at - origin);
  return { delta: { x: exact.x ? delta.x : toGrid(lead.x, outer.x), y: exact.y ? delta.y : toGrid(lead.y, outer.y) }, guides };
}

/** The size of a container whose lower right corner is dragged. */
export function placeResized(scene: Scene, id: string, size: Size, hold: Omit<Hold, "containerId">): { readonly size: Size; readonly guides: readonly Guide[] } {
  const box = scene.world.get(id);
  if (!box || hold.free) return { size: { width: Math.round(size.width), height: Math.round(size.height) }, guides: [] };
  const { delta, exact, guides } = alignResized({ ...box, ...size }, neighbours(scene, parentIdOf(scene.index, id), new Map([[id, box]])), REACH_PX / hold.zoom);
  const toGrid = (length: number) => Math.max(GRID, snap(length));
  return { size: { width: exact.x ? size.width + delta.x : toGrid(size.width), height: exact.y ? size.height + delta.y : toGrid(size.height) }, guides };
}

const neighbours = (scene: Scene, containerId: string | null, moved: ReadonlyMap<string, Rect>): readonly Rect[] =>
  siblingsIn(scene, containerId).filter((id) => !moved.has(id)).map((id) => scene.world.get(id)!);
