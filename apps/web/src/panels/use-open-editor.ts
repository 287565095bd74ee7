import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { useEffect, useState } from "react";
import { createAutosave } from "../canvas/state/autosave";
import type { EditorApi } from "../canvas/state/editor-api";
import { makeSceneReader } from "../canvas/state/editor-context";
import type { Editor } from "../canvas/state/editor-context";
import { createEditorStore } from "../canvas/state/editor-store";
import { createGestureStore } from "../canvas/state/gesture-store";
import { createLiveStore, hear } from "../canvas/state/live-store";
import { createMeasurementStore } from "../canvas/state/measurement-store";
import { createPresenceStore } from "../canvas/state/presence-store";
import { plannedKinds } from "../canvas/state/object-state";
import { randomBytes } from "../canvas/gestures/random-bytes";
import { startPlanRefresh } from "./plan-refresh";

const SAVE_DEBOUNCE_MS = 400;
const SAVE_RETRY_MS = 1000;
const PLAN_DEBOUNCE_MS = 250;

/** The stores of one open topology. While the page shows it they save, listen and plan; all of it ends when the page is left. */
export function useOpenEditor(snapshot: TopologySnapshot, api: EditorApi): Editor {
  const [editor] = useState(() => createEditor(snapshot, api));
  useEffect(() => {
    const { editor: store, live, autosave } = editor;
    autosave.start();
    const unsubscribe = api.subscribe((event) => {
      hear(live, event, Date.now());
      autosave.hear(event);
    });
    const stopPlan = startPlanRefresh({ editor: store, live, api, debounceMs: PLAN_DEBOUNCE_MS });
    const warn = (event: BeforeUnloadEvent) => {
      if (store.getState().unsaved.length > 0 && !store.getState().removed) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      autosave.stop();
      void autosave.flush();
      unsubscribe();
      stopPlan();
      window.removeEventListener("beforeunload", warn);
    };
  }, [editor, api]);
  return editor;
}

function createEditor(snapshot: TopologySnapshot, api: EditorApi): Editor {
  const store = createEditorStore(snapshot);
  const autosave = createAutosave({ store, api, clientId: newClientId(), debounceMs: SAVE_DEBOUNCE_MS, retryMs: SAVE_RETRY_MS });
  const live = createLiveStore();
  return {
    editor: store, live, presence: createPresenceStore(), gestures: createGestureStore(), measurements: createMeasurementStore(live), api, autosave,
    scene: makeSceneReader(store), planned: plannedKinds(),
  };
}

/** Not `crypto.randomUUID`, which browsers have only over https and on localhost. */
const newClientId = (): string => Array.from(randomBytes(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
