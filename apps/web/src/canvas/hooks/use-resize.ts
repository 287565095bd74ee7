import { useReactFlow } from "@xyflow/react";
import type { NodeChange } from "@xyflow/react";
import { useCallback } from "react";
import { placeResized } from "../gestures/drag-place";
import { useEditor } from "../state/editor-context";
import { perform } from "../state/editor-store";
import type { CanvasNode } from "../scene/from-topology";
import { resizeObject } from "../gestures/resize-object";
import { useAltKey } from "./use-alt-key";

/** Resizing a container: lined up with its neighbours or the grid while its corner is dragged, one undo step at the end. */
export function useResize(snapBack: () => void) {
  const { editor, gestures, scene } = useEditor();
  const { getZoom } = useReactFlow();
  const alt = useAltKey();

  /** React Flow's changes with the sizes that the boxes get. */
  const adjust = useCallback((changes: readonly NodeChange<CanvasNode>[]): readonly NodeChange<CanvasNode>[] => changes.map((change) => {
    if (change.type !== "dimensions" || change.resizing === undefined || !change.dimensions) return change;
    const { size, guides } = placeResized(scene(), change.id, change.dimensions, { free: alt.current, zoom: getZoom() });
    gestures.setState({ guides: change.resizing ? guides : [] });
    return { ...change, dimensions: size };
  }), [alt, gestures, getZoom, scene]);

  const finish = useCallback((changes: readonly NodeChange<CanvasNode>[]) => {
    for (const change of changes) {
      if (change.type !== "dimensions" || change.resizing !== false || !change.dimensions) continue;
      const resized = resizeObject(scene(), change.id, change.dimensions);
      if (resized) perform(editor, resized);
      snapBack();
    }
  }, [editor, scene, snapBack]);

  return { adjust, finish };
}
