import { useReactFlow } from "@xyflow/react";
import { fragmentOf, fragmentText, readFragment } from "@vpclab/shared/copy/fragment";
import type { Fragment } from "@vpclab/shared/copy/fragment";
import { useEffect, useMemo, useRef } from "react";
import { toast } from "sonner";
import { useEditor } from "../state/editor-context";
import { perform } from "../state/editor-store";
import { pasteObjects, pasteTarget } from "../gestures/paste-objects";
import { randomBytes } from "../gestures/random-bytes";
import type { Point } from "../scene/rect";

/** Typing and marked text keep the clipboard to themselves. */
function isForText(event: ClipboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (target?.closest?.("input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog]")) return true;
  return event.type !== "paste" && (document.getSelection()?.toString() ?? "") !== "";
}

/**
 * Copy, cut and paste of the selection through the system clipboard, by the browser's own events: they need no permission and
 * work without https. `deleteSelection` is what Cut ends with; null: who only looks can copy, and nothing else.
 */
export function useClipboard(deleteSelection: (() => void) | null) {
  const { editor, scene } = useEditor();
  const { screenToFlowPosition } = useReactFlow();
  /** For menus where the browser does not let a page read the clipboard. */
  const last = useRef<string | null>(null);
  const pointer = useRef<Point | null>(null);

  const clipboard = useMemo(() => {
    const selected = (): Fragment | null => {
      const { document: drawing, layout, selection } = editor.getState();
      // What stands there by default has no place in the layout yet, and the copies shall stand alike.
      const boxes = Object.fromEntries([...scene().boxes].map(([id, { x, y, width, height }]) => [id, { x, y, width, height }]));
      const made = fragmentOf(drawing, { ...layout, ...boxes }, selection);
      if (!made.ok) toast.error(made.error[0]?.message ?? "Nothing is selected.");
      return made.ok ? made.value : null;
    };
    const paste = (fragment: Fragment) => {
      const made = pasteObjects(scene(), fragment, pasteTarget(scene(), editor.getState().selection, pointer.current), randomBytes);
      if (made.ok) perform(editor, made);
      else toast.error(made.reason);
    };
    const pasteText = (text: string): boolean => {
      const fragment = readFragment(text);
      if (fragment) paste(fragment);
      return fragment !== null;
    };
    return {
      take: (): string | null => {
        const fragment = selected();
        if (fragment) last.current = fragmentText(fragment);
        return fragment && last.current;
      },
      pasteText,
      duplicate: () => {
        const fragment = selected();
        if (fragment) paste(fragment);
      },
      /** From a menu: the same events, asked for by the page. */
      copy: () => void document.execCommand("copy"),
      cut: () => void document.execCommand("cut"),
      paste: async () => {
        const text = await navigator.clipboard?.readText().catch(() => null) ?? last.current;
        if (text === null || !pasteText(text)) toast.error("The clipboard holds nothing that was copied from a drawing.");
      },
    };
  }, [editor, scene]);

  useEffect(() => {
    const onTake = (event: ClipboardEvent) => {
      const isCut = event.type === "cut";
      if (isForText(event) || editor.getState().selection.size === 0 || (isCut && !deleteSelection)) return;
      const text = clipboard.take();
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (isCut) deleteSelection?.();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (deleteSelection && !isForText(event) && clipboard.pasteText(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    const onPointer = (event: PointerEvent) => {
      const isOver = (event.target as Element | null)?.closest?.(".react-flow");
      pointer.current = isOver ? screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false }) : null;
    };
    document.addEventListener("copy", onTake);
    document.addEventListener("cut", onTake);
    document.addEventListener("paste", onPaste);
    window.addEventListener("pointermove", onPointer);
    return () => {
      document.removeEventListener("copy", onTake);
      document.removeEventListener("cut", onTake);
      document.removeEventListener("paste", onPaste);
      window.removeEventListener("pointermove", onPointer);
    };
  }, [clipboard, deleteSelection, editor, screenToFlowPosition]);

  return clipboard;
}
