import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { useEffect, useState } from "react";
import { startAutosave } from "../canvas/autosave";
import type { EditorApi } from "../canvas/editor-api";
import { makeSceneReader } from "../canvas/editor-context";
import type { Editor } from "../canvas/editor-context";
import { createEditorStore } from "../canvas/editor-store";
import { createGestureStore } from "../canvas/gesture-store";
import { createLiveStore, hear } from "../canvas/live-store";
import { plannedKinds } from "../canvas/object-state";
import { startPlanRefresh } from "./plan-refresh";

const SAVE_DEBOUNCE_MS = 400;
const SAVE_RETRY_MS = 1000;
const PLAN_DEBOUNCE_MS = 250;

/** Opens the editor's stores for one topology and closes everything again when the page is left. */
export function useOpenEditor(snapshot: TopologySnapshot, api: EditorApi): Editor | null {
  const [editor, setEditor] = useState<Editor | null>(null);

  useEffect(() => {
    const store = createEditorStore(snapshot);
    const live = createLiveStore();
    const autosave = startAutosave({ store, api, clientId: crypto.randomUUID(), debounceMs: SAVE_DEBOUNCE_MS, retryMs: SAVE_RETRY_MS });
    const unsubscribe = api.subscribe((event) => {
      hear(live, event, Date.now());
      autosave.hear(event);
    });
    const stopPlan = startPlanRefresh({ editor: store, live, api, debounceMs: PLAN_DEBOUNCE_MS });
    const warn = (event: BeforeUnloadEvent) => {
      if (store.getState().unsaved.length > 0 && !store.getState().removed) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    setEditor({ editor: store, live, gestures: createGestureStore(), api, autosave, scene: makeSceneReader(store), planned: plannedKinds() });
    return () => {
      void autosave.flush().finally(() => autosave.stop());
      unsubscribe();
      stopPlan();
      window.removeEventListener("beforeunload", warn);
    };
    // A topology is opened once; later snapshots of it arrive by the autosave.
  }, [snapshot.id, api]); // eslint-disable-line react-hooks/exhaustive-deps

  return editor;
}
