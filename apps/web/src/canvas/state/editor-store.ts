import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Layout, LayoutPatch } from "@vpclab/shared/topology/layout";
import { applyLayoutPatch, inverseLayoutPatch } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { mergeEdit } from "@vpclab/shared/topology/merge-edit";
import { same } from "@vpclab/shared/topology/merge-list";
import type { Preference } from "@vpclab/shared/topology/merge-list";
import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";
import { hasBox } from "../gestures/gesture";
import type { Gesture } from "../gestures/gesture";
import { HOST_ID } from "../scene/scene";
import { rebase, renewedBy } from "./rebase";
import type { Rebased } from "./rebase";

/** One step of undo: a gesture and the way back. */
export interface UndoStep {
  readonly label: string;
  readonly command: EditCommand | null;
  readonly inverse: EditCommand | null;
  readonly layoutPatch: LayoutPatch;
  readonly inverseLayoutPatch: LayoutPatch;
  /** The documents that the step led from and to: what differs from them when it is made again or taken back was done by others. */
  readonly before: Topology;
  readonly after: Topology;
}

export type SaveState =
  | { readonly kind: "saved" | "waiting" | "saving" }
  /** The server cannot be reached; saving goes on by itself when it can. */
  | { readonly kind: "offline"; readonly message: string }
  /** The server says no: everything is kept here until the person decides. */
  | { readonly kind: "refused"; readonly message: string };

/** Somebody else saved first, and both have a say in the same things. */
export interface Conflict {
  readonly theirs: TopologySnapshot;
  readonly author: string;
}

/** The drawing as this tab has it, and how far the server knows of it. Nothing here changes with traffic. */
export interface EditorState {
  readonly topologyId: string;
  readonly name: string;
  readonly document: Topology;
  readonly layout: Layout;
  readonly selection: ReadonlySet<string>;
  readonly past: readonly UndoStep[];
  readonly future: readonly UndoStep[];
  /** What the server has: the base of the next save. */
  readonly stored: { readonly revision: number; readonly document: Topology };
  /** Made since `stored`, oldest first; a save that is under way is still in here. */
  readonly unsaved: readonly EditCommand[];
  readonly unsavedLayout: LayoutPatch;
  readonly save: SaveState;
  readonly conflict: Conflict | null;
  /** True when somebody deleted the topology meanwhile. */
  readonly removed: boolean;
}

export type EditorStore = StoreApi<EditorState>;

const UNDO_STEPS_MAX = 200;

export function createEditorStore(snapshot: TopologySnapshot): EditorStore {
  return createStore<EditorState>(() => ({
    topologyId: snapshot.id,
    name: snapshot.name,
    document: snapshot.document,
    layout: snapshot.layout,
    selection: new Set<string>(),
    past: [],
    future: [],
    stored: { revision: snapshot.revision, document: snapshot.document },
    unsaved: [],
    unsavedLayout: {},
    save: { kind: "saved" },
    conflict: null,
    removed: false,
  }));
}

/** Does a gesture, or answers why its command is refused; then nothing has changed. */
export function perform(store: EditorStore, gesture: Gesture): Result<void, Issue[]> {
  const state = store.getState();
  const step = change(state, gesture);
  if (!step.ok) return step;
  store.setState({
    ...step.value.changes,
    past: [...state.past, step.value.step].slice(-UNDO_STEPS_MAX),
    future: [],
    ...(gesture.select ? { selection: new Set(gesture.select) } : {}),
  });
  return ok(undefined);
}

/** Does a gesture that goes on with the one before, such as a key that is held down: both together are one step of undo. */
export function amend(store: EditorStore, gesture: Gesture): Result<void, Issue[]> {
  const before = store.getState().past.at(-1);
  const done = perform(store, gesture);
  const { past } = store.getState();
  const step = past.at(-1);
  if (!done.ok || !before || !step || step === before || before.command || step.command) return done;
  const joined: UndoStep = {
    ...step,
    layoutPatch: { ...before.layoutPatch, ...step.layoutPatch },
    inverseLayoutPatch: { ...step.inverseLayoutPatch, ...before.inverseLayoutPatch },
  };
  store.setState({ past: [...past.slice(0, -2), joined] });
  return done;
}

/** Takes the newest step back. Refused (and forgotten) when somebody else's change stands in its way. */
export function undo(store: EditorStore): Result<string, Issue[]> {
  const { past, future } = store.getState();
  const step = past.at(-1);
  if (!step) return ok("");
  const back = takeBack(store.getState(), step);
  store.setState({ past: past.slice(0, -1) });
  if (!back.ok) return back;
  store.setState({ ...back.value.changes, future: [...future, reversed(back.value.step)] });
  return ok(step.label);
}

const reversed = ({ label, command, inverse, layoutPatch, inverseLayoutPatch, before, after }: UndoStep): UndoStep =>
  ({ label, command: inverse, inverse: command, layoutPatch: inverseLayoutPatch, inverseLayoutPatch: layoutPatch, before: after, after: before });

/** The way back of a step, without what others have done since. */
function takeBack(state: EditorState, { label, inverse, layoutPatch, inverseLayoutPatch, after }: UndoStep): ReturnType<typeof change> {
  const merged = beside(after, state.document, inverse);
  if (!merged.ok) return merged;
  // A box that somebody else has moved since stays where it is.
  const own = Object.entries(inverseLayoutPatch).filter(([id]) => same(state.layout[id] ?? null, layoutPatch[id] ?? null));
  return change(state, { label, command: merged.value, layoutPatch: Object.fromEntries(own) });
}

function makeAgain(state: EditorState, { label, command, layoutPatch, before }: UndoStep): ReturnType<typeof change> {
  const merged = beside(before, state.document, command);
  return merged.ok ? change(state, { label, command: merged.value, layoutPatch }) : merged;
}

/** The command as it reads beside what others have done since; refused where it would take that back. */
function beside(known: Topology, now: Topology, command: EditCommand | null): Result<EditCommand | null, Issue[]> {
  if (!command) return ok(null);
  const merged = mergeEdit(known, now, command, "theirs");
  const [collision] = merged.collisions;
  return collision ? err([{ severity: "error", code: "CONFLICT", path: [], message: `${collision.sentence} Somebody else’s change stays.` }]) : ok(merged.command);
}

export function redo(store: EditorStore): Result<string, Issue[]> {
  const { past, future } = store.getState();
  const step = future.at(-1);
  if (!step) return ok("");
  const again = makeAgain(store.getState(), step);
  store.setState({ future: future.slice(0, -1) });
  if (!again.ok) return again;
  store.setState({ ...again.value.changes, past: [...past, again.value.step] });
  return ok(step.label);
}

export function select(store: EditorStore, ids: Iterable<string>): void {
  const next = new Set(ids);
  const { selection } = store.getState();
  if (next.size === selection.size && [...next].every((id) => selection.has(id))) return;
  store.setState({ selection: next });
}

/** Changes of the selection as the canvas tells them. It knows only what stands on it, so a selected sign or row has to go. */
export function selectOnCanvas(store: EditorStore, changes: readonly { readonly id: string; readonly selected: boolean }[]): void {
  const next = new Set([...store.getState().selection].filter(hasBox));
  for (const { id, selected } of changes) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  select(store, next);
}

/** The server has a newer state and this tab has nothing of its own to lose: take it over. Never an undo step. */
export function takeStored(store: EditorStore, snapshot: TopologySnapshot): void {
  const state = store.getState();
  if (state.unsaved.length > 0 || snapshot.revision < state.stored.revision) return;
  store.setState({
    ...replaceDocument(state, snapshot.document),
    name: snapshot.name,
    layout: applyLayoutPatch(snapshot.layout, state.unsavedLayout),
    stored: { revision: snapshot.revision, document: snapshot.document },
  });
}

/**
 * Somebody else saved first. What one side alone has touched is merged without a word; where both have a say in the same thing, this
 * is a conflict for the person to decide, and true is answered.
 */
export function mergeStored(store: EditorStore, theirs: TopologySnapshot, author: string): boolean {
  const { stored, unsaved } = store.getState();
  const merged = rebase(stored.document, theirs.document, unsaved, "mine");
  if (merged.collisions.length > 0 || merged.refused.length > 0) {
    store.setState({ conflict: { theirs, author } });
    return true;
  }
  adopt(store, theirs, merged);
  return false;
}

/** Whose word holds where both have a say; everything else of both is kept. Answers what could not be kept, in words. */
export function resolveConflict(store: EditorStore, prefer: Preference): readonly string[] {
  const { conflict, stored, unsaved } = store.getState();
  if (!conflict) return [];
  const merged = rebase(stored.document, conflict.theirs.document, unsaved, prefer);
  adopt(store, conflict.theirs, merged);
  return merged.refused;
}

function adopt(store: EditorStore, theirs: TopologySnapshot, merged: Rebased): void {
  const state = store.getState();
  const renew = renewedBy(state.unsaved, merged.commands);
  store.setState({
    ...replaceDocument(state, merged.document),
    name: theirs.name,
    layout: applyLayoutPatch(theirs.layout, state.unsavedLayout),
    stored: { revision: theirs.revision, document: theirs.document },
    unsaved: merged.commands,
    past: state.past.map((step) => ({ ...step, after: renew(step.after) })),
    conflict: null,
    save: { kind: merged.commands.length > 0 || Object.keys(state.unsavedLayout).length > 0 ? "waiting" : "saved" },
  });
}

function replaceDocument(state: EditorState, document: Topology): Pick<EditorState, "document" | "selection"> {
  const ids = new Set([...objectsOf(document)].map(({ object }) => object.id));
  return { document, selection: new Set([...state.selection].filter((id) => id === HOST_ID || ids.has(id))) };
}

type Change = Pick<Gesture, "label" | "command" | "layoutPatch">;

function change(state: EditorState, { label, command, layoutPatch }: Change): Result<{ step: UndoStep; changes: Partial<EditorState> }, Issue[]> {
  let { document } = state;
  let inverse: EditCommand | null = null;
  if (command) {
    const edited = applyEdit(document, command);
    if (!edited.ok) return err(edited.error);
    ({ document, inverse } = edited.value);
  }
  const back = inverseLayoutPatch(state.layout, layoutPatch);
  return ok({
    step: { label, command, inverse, layoutPatch, inverseLayoutPatch: back, before: state.document, after: document },
    changes: {
      ...replaceDocument(state, document),
      layout: applyLayoutPatch(state.layout, layoutPatch),
      unsaved: command ? [...state.unsaved, command] : state.unsaved,
      unsavedLayout: { ...state.unsavedLayout, ...layoutPatch },
    },
  });
}
