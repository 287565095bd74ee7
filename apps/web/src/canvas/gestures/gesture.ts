import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Layout, LayoutPatch } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { boxesOf, layoutPatchFor } from "../scene/boxes";
import type { Scene } from "../scene/scene";

/** What a finished gesture asks for: one undo step. At least one of the two parts says something. */
export interface Gesture {
  /** For the undo button and the event list, e.g. `Add subnet public`. */
  readonly label: string;
  readonly command: EditCommand | null;
  readonly layoutPatch: LayoutPatch;
  /** What is selected afterwards; absent: as before. */
  readonly select?: readonly string[];
}

/** A gesture that is not possible, with the reason in one sentence that says what to do instead. */
export interface Refusal {
  readonly reason: string;
}
export type Judged<T> = ({ readonly ok: true } & T) | ({ readonly ok: false } & Refusal);

export const refuse = (reason: string): { readonly ok: false } & Refusal => ({ ok: false, reason });

/** Whether it stands on the canvas itself. The other kinds are signs on something else, or rows in the inspector. */
export const hasBox = (id: string): boolean => /^(vpc|subnet|i|nat|igw|pcx)-/.test(id);

/** Containers have a size in the layout, cards do not. */
export const isSized = (id: string): boolean => id.startsWith("vpc-") || id.startsWith("subnet-");

/**
 * The layout patch that goes with a command: `moved` boxes where the gesture put them, and everything that has to make room
 * for it. Answers the refusal of the document's rules when the command breaks one.
 */
export function settle(scene: Scene, command: EditCommand | null, moved: Layout): Judged<{ document: Topology; layoutPatch: LayoutPatch }> {
  let { document } = scene;
  if (command) {
    const edited = applyEdit(document, command);
    if (!edited.ok) return refuse(edited.error[0]?.message ?? "That is not possible.");
    document = edited.value.document;
  }
  const layout: Layout = { ...scene.layout };
  // What stands there stays there, also when it had only been placed by default so far.
  for (const [id, rect] of scene.boxes) {
    layout[id] ??= isSized(id) ? { x: rect.x, y: rect.y, width: rect.width, height: rect.height } : { x: rect.x, y: rect.y };
  }
  Object.assign(layout, moved);
  return { ok: true, document, layoutPatch: layoutPatchFor(boxesOf(document, layout), scene.layout, isSized) };
}
