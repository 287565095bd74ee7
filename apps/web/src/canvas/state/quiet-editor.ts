import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import type { Autosave } from "./autosave";
import type { EditorApi } from "./editor-api";
import type { Editor } from "./editor-context";
import { makeSceneReader } from "./editor-context";
import { createEditorStore } from "./editor-store";
import { createGestureStore } from "./gesture-store";
import { createLiveStore } from "./live-store";
import { createMeasurementStore } from "./measurement-store";
import { createPresenceStore } from "./presence-store";
import { plannedKinds } from "./object-state";

/** Saves nothing. */
const NEVER: Autosave = { start: () => {}, flush: () => Promise.resolve(true), hear: () => {}, stop: () => {} };

/** Stores for a drawing that is only looked at: nothing that is done in them reaches anybody. */
export function createQuietEditor(snapshot: TopologySnapshot, api: EditorApi): Editor {
  const editor = createEditorStore(snapshot);
  const live = createLiveStore();
  return {
    editor, live, presence: createPresenceStore(), gestures: createGestureStore(), measurements: createMeasurementStore(live), api, autosave: NEVER,
    scene: makeSceneReader(editor), planned: plannedKinds(),
  };
}
