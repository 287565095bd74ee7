import { useOnViewportChange, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import type { PresencePatch } from "@vpclab/shared/wire/presence";
import { useEffect, useMemo } from "react";
import { useEditor } from "../state/editor-context";

/** 20 a second, whatever moves. */
const SAY_MS = 50;
const SELECTION_MAX = 100;

/** Tells the others where this tab's pointer is, what is selected, which path is lit and what part of the canvas is seen. */
export function useSayWhere(say: (patch: PresencePatch) => void): void {
  const { editor, gestures } = useEditor();
  const { screenToFlowPosition, getViewport } = useReactFlow();
  const flow = useStoreApi();
  const pane = useStore((state) => state.domNode);
  const teller = useMemo(() => throttled(say), [say]);

  const view = useMemo(() => () => {
    const { width, height } = flow.getState();
    const { x, y, zoom } = getViewport();
    return width > 0 && height > 0 ? { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom } : null;
  }, [flow, getViewport]);
  useOnViewportChange({ onChange: () => teller.tell({ view: view() }) });

  useEffect(() => {
    if (!pane) return;
    const onMove = (event: PointerEvent) => teller.tell({ cursor: screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false }) });
    const onLeave = () => teller.tell({ cursor: null });
    const selection = () => [...editor.getState().selection].slice(0, SELECTION_MAX);
    const path = () => {
      const lit = gestures.getState().path;
      return lit && { there: [...lit.there].slice(0, SELECTION_MAX), back: [...lit.back].slice(0, SELECTION_MAX), reached: lit.reached, arrived: lit.arrived };
    };
    const stops = [
      editor.subscribe((now, before) => (now.selection === before.selection ? undefined : teller.tell({ selection: selection() }))),
      gestures.subscribe((now, before) => (now.path === before.path ? undefined : teller.tell({ path: path() }))),
    ];
    pane.addEventListener("pointermove", onMove);
    pane.addEventListener("pointerleave", onLeave);
    teller.tell({ selection: selection(), path: path(), view: view() });
    return () => {
      pane.removeEventListener("pointermove", onMove);
      pane.removeEventListener("pointerleave", onLeave);
      for (const stop of stops) stop();
      teller.stop();
    };
  }, [editor, gestures, pane, screenToFlowPosition, teller, view]);
}

/** What is told within a moment goes together, the newest of each. */
function throttled(say: (patch: PresencePatch) => void) {
  let waiting: PresencePatch = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let quietUntil = 0;
  const send = () => {
    timer = undefined;
    quietUntil = performance.now() + SAY_MS;
    const patch = waiting;
    waiting = {};
    say(patch);
  };
  return {
    tell: (patch: PresencePatch) => {
      waiting = { ...waiting, ...patch };
      timer ??= setTimeout(send, Math.max(0, quietUntil - performance.now()));
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
