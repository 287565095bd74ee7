import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { LiveEvent } from "@vpclab/shared/wire/live";
import { NOWHERE } from "@vpclab/shared/wire/presence";
import type { Presenter, PresenterEvent, StageEvent } from "@vpclab/shared/wire/stage";
import { useEffect, useState } from "react";
import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";
import type { EditorApi } from "../../canvas/state/editor-api";
import type { Editor } from "../../canvas/state/editor-context";
import { hear } from "../../canvas/state/live-store";
import { createQuietEditor } from "../../canvas/state/quiet-editor";
import { createStageClient } from "../../trpc/stage-client";
import { failureOf } from "../call-failure";

/** The presenter's tab that moved last; null: he is not there. */
export type PresenterStore = StoreApi<{ readonly now: Presenter | null }>;

export interface Stage {
  readonly editor: Editor;
  readonly presenter: PresenterStore;
  readonly state: "opening" | "open" | "cut" | "gone";
  /** Why it does not open, or not any more. */
  readonly refusal: string | null;
}

/** An audience asks for nothing. */
const NO_API = {} as EditorApi;

/** Follows what a link shows, until it works no more. */
export function useStage(token: string): Stage {
  const [editor] = useState(() => createQuietEditor({ id: "", name: "", revision: 0, document: EMPTY_TOPOLOGY, layout: {} }, NO_API));
  const [presenter] = useState<PresenterStore>(() => createStore(() => ({ now: null as Presenter | null })));
  const [state, setState] = useState<Stage["state"]>("opening");
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    const { client, close } = createStageClient(window.location.origin, (connected) => setState((now) => (!connected && now === "open" ? "cut" : now)));
    const refuse = (error: unknown) => {
      const { offline, message } = failureOf(error);
      if (offline) return;
      setRefusal(message);
      void close();
    };
    const drawing = client.stage.drawing.subscribe({ token }, {
      onData: (event) => {
        if (event.type === "removed") refuse(null);
        setState(event.type === "removed" ? "gone" : "open");
        show(editor, event);
      },
      onError: refuse,
    });
    const pointer = client.stage.presenter.subscribe({ token }, { onData: followPresenter(editor, presenter), onError: refuse });
    return () => {
      drawing.unsubscribe();
      pointer.unsubscribe();
      void close();
    };
  }, [editor, presenter, token]);
  return { editor, presenter, state, refusal };
}

function show({ editor, live }: Editor, event: StageEvent): void {
  if (event.type === "drawing") {
    const { name, document, layout, revision } = event;
    editor.setState({ name, document, layout, stored: { revision, document } });
  } else {
    hear(live, event satisfies LiveEvent, Date.now());
  }
}

/** Lights the presenter's path and what he has selected; his pointer and view are for whoever draws them. */
function followPresenter({ editor, gestures }: Editor, store: PresenterStore): (event: PresenterEvent) => void {
  const tabs = new Map<string, Presenter>();
  return (event) => {
    if (event.type === "all") tabs.clear();
    else for (const key of event.gone) tabs.delete(key);
    for (const change of event.tabs) {
      const tab = { ...(tabs.get(change.key) ?? { ...NOWHERE }), ...change };
      // The one that moved last stands last.
      tabs.delete(change.key);
      tabs.set(change.key, tab);
    }
    const now = [...tabs.values()].at(-1) ?? null;
    store.setState({ now });
    gestures.setState({ path: now?.path ?? null });
    editor.setState({ selection: new Set(now?.selection) });
  };
}
