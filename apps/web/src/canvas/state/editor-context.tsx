"use client";

import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { Autosave } from "./autosave";
import type { EditorApi } from "./editor-api";
import type { EditorState, EditorStore } from "./editor-store";
import type { GestureState, GestureStore } from "./gesture-store";
import type { LiveState, LiveStore } from "./live-store";
import type { MeasurementState, MeasurementStore } from "./measurement-store";
import type { PresenceStore } from "./presence-store";
import { hostStatus } from "./host-view";
import { shownState } from "./object-state";
import type { plannedKinds } from "./object-state";
import type { ObjectState } from "@vpclab/shared/wire/live";
import { HOST_ID, sceneCache } from "../scene/scene";
import type { Scene } from "../scene/scene";

/** Everything that belongs to one open editor. The stores never change identity, so the context never re-renders anybody. */
export interface Editor {
  readonly editor: EditorStore;
  readonly live: LiveStore;
  readonly presence: PresenceStore;
  readonly gestures: GestureStore;
  readonly measurements: MeasurementStore;
  readonly api: EditorApi;
  readonly autosave: Autosave;
  /** The scene of the newest document and layout. */
  readonly scene: () => Scene;
  readonly planned: ReturnType<typeof plannedKinds>;
}

const EditorContext = createContext<Editor | null>(null);
export const EditorProvider = EditorContext.Provider;

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("This component belongs inside an EditorProvider.");
  return editor;
}

export const useEditorState = <T,>(selector: (state: EditorState) => T): T => useStore(useEditor().editor, selector);
export const useLive = <T,>(selector: (state: LiveState) => T): T => useStore(useEditor().live, selector);
export const useGesture = <T,>(selector: (state: GestureState) => T): T => useStore(useEditor().gestures, selector);

export const useMeasurements = <T,>(selector: (state: MeasurementState) => T): T => useStore(useEditor().measurements, selector);

export function useScene(): Scene {
  const { scene } = useEditor();
  const document = useEditorState((state) => state.document);
  const layout = useEditorState((state) => state.layout);
  // Both are read so that a change of either re-renders; the scene itself is remembered.
  void document;
  void layout;
  return scene();
}

/** State and reason of one object as two plain values, so that only a real change re-renders its card. */
export function useObjectState(id: string): { readonly state: ObjectState; readonly reason: string | undefined } {
  const { planned } = useEditor();
  const shown = (live: LiveState) => shownState(id === HOST_ID ? hostStatus(live.deployment) : live.deployment.objects[id], planned(live.plan).get(id));
  const state = useLive((live) => shown(live).state);
  const reason = useLive((live) => shown(live).reason);
  return { state, reason };
}

export function makeSceneReader(editor: EditorStore): () => Scene {
  const cached = sceneCache();
  return () => {
    const { document, layout } = editor.getState();
    return cached(document, layout);
  };
}
