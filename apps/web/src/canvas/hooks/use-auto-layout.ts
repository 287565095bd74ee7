import { useCallback } from "react";
import { toast } from "sonner";
import { autoLayout } from "../gestures/auto-layout";
import { useEditor } from "../state/editor-context";
import { perform } from "../state/editor-store";
import { elkPlaceBoxes } from "../gestures/elk";
import { motionMs } from "./motion-ms";
import { useView } from "./use-view";

/** As `.settling` in the style sheet. */
const SETTLING_MS = 200;

/** Lays everything out anew, as one undo step; boxes glide to their new places, and lines come back when they stand. */
export function useAutoLayout(): () => void {
  const { editor, scene } = useEditor();
  const { fit } = useView();
  return useCallback(() => {
    const lay = async () => {
      const made = await autoLayout(scene(), await elkPlaceBoxes());
      if (!made.ok) {
        toast.error(made.reason);
        return;
      }
      if (Object.keys(made.layoutPatch).length === 0) {
        fit();
        return;
      }
      const glides = motionMs(SETTLING_MS) > 0;
      const canvas = document.querySelector<HTMLElement>(".canvas");
      if (glides) {
        canvas?.classList.add("settling");
        setTimeout(() => canvas?.classList.remove("settling"), SETTLING_MS);
      }
      perform(editor, made);
      requestAnimationFrame(fit);
    };
    lay().catch((thrown: unknown) => toast.error(`The layout could not be made: ${thrown instanceof Error ? thrown.message : "unknown failure"}. Nothing was changed.`));
  }, [editor, scene, fit]);
}
