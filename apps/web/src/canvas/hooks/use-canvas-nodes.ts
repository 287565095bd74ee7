import { applyNodeChanges } from "@xyflow/react";
import type { NodeChange } from "@xyflow/react";
import { useCallback, useState } from "react";
import { useEditor, useEditorState, useScene } from "../state/editor-context";
import { selectOnCanvas } from "../state/editor-store";
import { nodesOf, reconcileNodes } from "../scene/from-topology";
import type { CanvasNode } from "../scene/from-topology";
import { GATEWAY_SIZE } from "../scene/card-size";

/**
 * React Flow's nodes: what the scene says, plus what a gesture under way has changed. `reset` drops the latter, which is how
 * a refused drag snaps back.
 */
export function useCanvasNodes() {
  const { editor, scene: readScene } = useEditor();
  const scene = useScene();
  const selection = useEditorState((state) => state.selection);
  const [nodes, setNodes] = useState<CanvasNode[]>(() => reconcileNodes([], nodesOf(scene), selection));
  const [shown, setShown] = useState({ scene, selection });
  if (shown.scene !== scene || shown.selection !== selection) {
    setShown({ scene, selection });
    setNodes(reconcileNodes(nodes, nodesOf(scene), selection));
  }

  const onChange = useCallback((changes: readonly NodeChange<CanvasNode>[]) => {
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length > 0) selectOnCanvas(editor, chosen);
    const others = changes.filter((change) => change.type === "position" || change.type === "dimensions");
    if (others.length > 0) setNodes((before) => applyNodeChanges(others.map(alongTheEdge), before));
  }, [editor]);

  const reset = useCallback(() => {
    setNodes((before) => reconcileNodes(before.map((node) => (node.dragging ? { ...node, dragging: false } : node)), nodesOf(readScene()), editor.getState().selection));
  }, [editor, readScene]);

  return { nodes, onChange, reset };
}

/** A gateway moves only along its VPC's upper edge. */
function alongTheEdge(change: NodeChange<CanvasNode>): NodeChange<CanvasNode> {
  if (change.type !== "position" || !change.position || !change.id.startsWith("igw-")) return change;
  return { ...change, position: { x: change.position.x, y: -GATEWAY_SIZE.height / 2 } };
}
