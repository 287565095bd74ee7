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
import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";
import { hasBox } from "./gesture";
import type { Gesture } from "./gesture";
import { rebase } from "./rebase";

/** One step of undo: a gesture and the way back. */
export interface UndoStep {
  readonly label: string;
  readonly command: EditCommand | null;
  readonly inverse: EditCommand | null;
  readonly layoutPatch: LayoutPatch;
  readonly inverseLayoutPatch: LayoutPatch;
}

export type SaveState =
  | { readonly kind: "saved" | "waiting" | "saving" }
  /** The server cannot be reached; saving goes on by itself when it can. */
  | { readonly kind: "offline"; readonly message: string }
  /** The server says no: everything is kept here until the person decides. */
  | { readonly kind: "refused"; readonly message: string };

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
  const back = change(store.getState(), { label: step.label, command: step.inverse, layoutPatch: step.inverseLayoutPatch });
  store.setState({ past: past.slice(0, -1) });
  if (!back.ok) return back;
  store.setState({ ...back.value.changes, future: [...future, step] });
  return ok(step.label);
}

export function redo(store: EditorStore): Result<string, Issue[]> {
  const { past, future } = store.getState();
  const step = future.at(-1);
  if (!step) return ok("");
  const again = change(store.getState(), step);
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

/** `keep-both` puts this tab's changes on top of theirs; `theirs` drops them. Answers what could not be kept, in words. */
export function resolveConflict(store: EditorStore, choice: "keep-both" | "theirs"): readonly string[] {
  const state = store.getState();
  if (!state.conflict) return [];
  const { theirs } = state.conflict;
  const kept = choice === "theirs" ? { document: theirs.document, commands: [], refused: [] } : rebase(theirs.document, state.unsaved);
  store.setState({
    ...replaceDocument(state, kept.document),
    layout: applyLayoutPatch(theirs.layout, choice === "theirs" ? {} : state.unsavedLayout),
    ...(choice === "theirs" ? { past: [], future: [], unsavedLayout: {} } : {}),
    stored: { revision: theirs.revision, document: theirs.document },
    unsaved: kept.commands,
    conflict: null,
    save: { kind: kept.commands.length > 0 ? "waiting" : "saved" },
  });
  return kept.refused;
}

function replaceDocument(state: EditorState, document: Topology): Pick<EditorState, "document" | "selection"> {
  const ids = new Set([...objectsOf(document)].map(({ object }) => object.id));
  return { document, selection: new Set([...state.selection].filter((id) => ids.has(id))) };
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
    step: { label, command, inverse, layoutPatch, inverseLayoutPatch: back },
    changes: {
      ...replaceDocument(state, document),
      layout: applyLayoutPatch(state.layout, layoutPatch),
      unsaved: command ? [...state.unsaved, command] : state.unsaved,
      unsavedLayout: { ...state.unsavedLayout, ...layoutPatch },
    },
  });
}
