import { useEffect } from "react";
import { useEditor } from "../state/editor-context";
import { amend, perform } from "../state/editor-store";
import { tellRefusal } from "../state/gesture-store";
import { NUDGE, nudge } from "../gestures/nudge";
import type { Point } from "../scene/rect";

const ARROWS: Readonly<Record<string, Point>> = { ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 }, ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 } };

/** The arrow keys move what is selected; a key that is held down is one step of undo. `mayMove`: false where the drawing is only looked at. */
export function useArrowKeys(mayMove: boolean): void {
  const { editor, gestures, scene } = useEditor();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const arrow = ARROWS[event.key];
      const target = event.target as HTMLElement | null;
      const isOnCanvas = target === document.body || target?.closest(".react-flow");
      const { selection } = editor.getState();
      if (!arrow || selection.size === 0 || !isOnCanvas || target?.closest("input, textarea, select")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // Before React Flow, whose own steps know neither what refuses a place nor the tenfold one.
      event.preventDefault();
      event.stopPropagation();
      if (!mayMove) return;
      const step = event.shiftKey ? NUDGE.far : NUDGE.step;
      const moved = nudge(scene(), selection, { x: arrow.x * step, y: arrow.y * step });
      if (!moved.ok) tellRefusal(gestures, moved.reason, { x: window.innerWidth / 2, y: window.innerHeight / 3 });
      else if (Object.keys(moved.layoutPatch).length > 0 || moved.command) (event.repeat ? amend : perform)(editor, moved);
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [editor, gestures, mayMove, scene]);
}
