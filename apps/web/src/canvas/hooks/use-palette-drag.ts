import { useReactFlow } from "@xyflow/react";
import { useCallback } from "react";
import type { PointerEvent as ReactPointerEvent } from "react";
import { addByKey } from "../gestures/add-by-key";
import { dropObject } from "../gestures/drop-object";
import { judgeDrop } from "../gestures/drop-target";
import { useEditor } from "../state/editor-context";
import { perform } from "../state/editor-store";
import { tellRefusal } from "../state/gesture-store";
import type { PaletteItem } from "../gestures/palette-item";
import { randomBytes } from "../gestures/random-bytes";
import type { Point } from "../scene/rect";

/** The pointer must travel this far before a press on the palette becomes a drag. */
const THRESHOLD_PX = 4;

/** Dragging from the palette by pointer, and adding by click or Enter. */
export function usePaletteDrag() {
  const { editor, gestures, scene } = useEditor();
  const { screenToFlowPosition } = useReactFlow();

  const onPointerDown = useCallback((item: PaletteItem, event: ReactPointerEvent<HTMLElement>) => {
    if (event.button !== 0 || item === "peering") return;
    const start = { x: event.clientX, y: event.clientY };
    let moved = false;

    const judge = (at: Point) =>
      isOverCanvas(at) ? judgeDrop(scene(), item, screenToFlowPosition(at, { snapToGrid: false })) : null;
    const move = (next: PointerEvent) => {
      const at = { x: next.clientX, y: next.clientY };
      if (!moved && Math.hypot(at.x - start.x, at.y - start.y) < THRESHOLD_PX) return;
      moved = true;
      const target = judge(at);
      gestures.setState({
        dragged: item, pointer: at,
        hint: !target ? null : target.ok ? { targetId: target.targetId, ok: true, reason: null } : { targetId: null, ok: false, reason: target.reason },
      });
    };
    const stop = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", stop);
      window.removeEventListener("keydown", cancel, true);
      gestures.setState({ dragged: null, hint: null });
    };
    const drop = (end: PointerEvent) => {
      stop();
      if (!moved) return;
      swallowNextClick();
      const at = { x: end.clientX, y: end.clientY };
      if (!isOverCanvas(at)) return;
      const made = dropObject(scene(), item, screenToFlowPosition(at, { snapToGrid: false }), randomBytes);
      if (made.ok) perform(editor, made);
      else tellRefusal(gestures, made.reason, at);
    };
    const cancel = (key: KeyboardEvent) => {
      if (key.key === "Escape") stop();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", stop);
    window.addEventListener("keydown", cancel, true);
  }, [editor, gestures, scene, screenToFlowPosition]);

  /** Enter, Space, or a click without a drag. */
  const onAdd = useCallback((item: PaletteItem, at: Point) => {
    const { selection } = editor.getState();
    const made = addByKey(scene(), item, selection, randomBytes);
    if (made.ok) perform(editor, made);
    else if (item === "peering") gestures.setState({ peering: { fromId: null } });
    else tellRefusal(gestures, made.reason, at);
  }, [editor, gestures, scene]);

  return { onPointerDown, onAdd };
}

const isOverCanvas = ({ x, y }: Point): boolean => Boolean(document.elementFromPoint(x, y)?.closest(".react-flow"));

/** The click that follows a drag which ended on the palette itself would add a second object. */
function swallowNextClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
