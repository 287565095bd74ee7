"use client";

import { useCallback } from "react";
import { Canvas } from "../../canvas/canvas";
import { ChangeMarks } from "../../canvas/overlays/change-marks";
import type { EdgeRoutes } from "../../canvas/scene/edge-routes";
import { EditorProvider, useEditor } from "../../canvas/state/editor-context";
import { useLooksOnly } from "../people/use-looks-only";
import { Together } from "../together";
import { PastBar } from "./past-bar";
import type { History } from "./use-history";
import { usePastKeys } from "./use-past-keys";
import { useRestore } from "./use-restore";

/** The canvas: of now, or of an earlier revision, in one frame, so that the view stays where it is while time is travelled. */
export function CanvasArea({ history }: { readonly history: History | null }) {
  const editor = useEditor();
  const view = history?.view ?? null;
  const looksOnly = useLooksOnly();
  const leave = useCallback(() => history?.leave(), [history]);
  const restore = useRestore(leave);
  usePastKeys(view !== null, leave);
  const isPast = view !== null;
  const differences = view?.differences ?? null;
  const marks = useCallback((routes: EdgeRoutes) => (isPast ? differences && <ChangeMarks differences={differences} routes={routes} /> : <Together routes={routes} />), [differences, isPast]);
  return (
    <div className="flex size-full flex-col">
      {view ? <PastBar title={titleOf(history)} onRestore={looksOnly ? null : () => restore(view)} onLeave={leave} /> : null}
      <div className={view ? "min-h-0 flex-1 border-4 border-warn-soft" : "min-h-0 flex-1"}>
        <EditorProvider value={view?.editor ?? editor}>
          <Canvas readOnly={view !== null || looksOnly} selectable overlay={marks} />
        </EditorProvider>
      </div>
    </div>
  );
}

function titleOf(history: History | null): string {
  if (!history?.view) return "";
  const { view: { revision }, against } = history;
  if (against === null) return `Revision ${revision}`;
  const isLater = against === "now" || against > revision;
  return `From revision ${isLater ? revision : against} to ${isLater ? (against === "now" ? "now" : against) : revision}`;
}
