import { useReactFlow } from "@xyflow/react";
import type { NodeChange } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import { placeMoved } from "../gestures/drag-place";
import { useEditor } from "../state/editor-context";
import { perform } from "../state/editor-store";
import { objectIdOfNode } from "../scene/from-topology";
import type { CanvasNode } from "../scene/from-topology";
import { tellRefusal } from "../state/gesture-store";
import type { GestureStore } from "../state/gesture-store";
import type { Guide } from "../scene/guide";
import { judgeMove, moveObjects } from "../gestures/move-objects";
import type { Drag } from "../gestures/move-objects";
import { centerOf, containsPoint } from "../scene/rect";
import type { Point, Rect } from "../scene/rect";
import { parentIdOf } from "../scene/scene";
import { useAltKey } from "./use-alt-key";

/** Dragging what is on the canvas: shows where it would go, and makes one undo step of the drop. `snapBack` undoes a refused one. */
export function useDrag(snapBack: () => void) {
  const { editor, gestures, scene } = useEditor();
  const { screenToFlowPosition, getZoom } = useReactFlow();
  const alt = useAltKey();
  /** The node under the pointer while a drag is under way. */
  const lead = useRef<CanvasNode | null>(null);
  /** Where dragged VPCs and gateways stand now, for the edges to follow. */
  const [moving, setMoving] = useState<ReadonlyMap<string, Rect> | null>(null);

  /** React Flow's positions as boxes on the canvas. */
  const rectsOf = useCallback((nodes: readonly Pick<CanvasNode, "id" | "position">[]): Map<string, Rect> => {
    const { world, index } = scene();
    return new Map(nodes.map(({ id: nodeId, position }) => {
      const id = objectIdOfNode(nodeId);
      const outer = world.get(parentIdOf(index, id) ?? "") ?? { x: 0, y: 0 };
      const size = world.get(id) ?? { width: 0, height: 0 };
      return [id, { x: position.x + outer.x, y: position.y + outer.y, width: size.width, height: size.height }];
    }));
  }, [scene]);

  const place = useCallback((rects: ReadonlyMap<string, Rect>, leadId: string) => {
    const { hint } = gestures.getState();
    const containerId = (hint?.ok ? hint.targetId : null) ?? parentIdOf(scene().index, leadId);
    return placeMoved(scene(), rects, leadId, { free: alt.current, zoom: getZoom(), containerId });
  }, [alt, gestures, getZoom, scene]);

  /** React Flow's changes, lined up with neighbours or the grid. */
  const adjust = useCallback((changes: readonly NodeChange<CanvasNode>[]): readonly NodeChange<CanvasNode>[] => {
    const { current } = lead;
    const moved = changes.flatMap((change) => (change.type === "position" && change.position ? [{ id: change.id, position: change.position }] : []));
    if (!current || moved.length === 0) return changes;
    const { delta, guides } = place(rectsOf(moved), objectIdOfNode(current.id));
    showGuides(gestures, guides);
    return changes.map((change) => (change.type === "position" && change.position
      ? { ...change, position: { x: change.position.x + delta.x, y: change.position.y + delta.y } } : change));
  }, [gestures, place, rectsOf]);

  const dragOf = useCallback((event: MouseEvent | TouchEvent, node: CanvasNode, nodes: readonly CanvasNode[]): Drag => {
    const leadId = objectIdOfNode(node.id);
    const rects = rectsOf(nodes);
    const { delta } = place(rects, leadId);
    const world = new Map([...rects].map(([id, rect]) => [id, { ...rect, x: rect.x + delta.x, y: rect.y + delta.y }]));
    // Several boxes may be dragged by the frame around them, with the pointer beside all of them: then the first one's middle decides.
    const [at, box] = [screenToFlowPosition(clientPoint(event), { snapToGrid: false }), world.get(leadId)!];
    return { world, leadId, pointer: containsPoint(box, at) ? at : centerOf(box), exact: true };
  }, [place, rectsOf, screenToFlowPosition]);

  const onDragStart = useCallback((_: unknown, node: CanvasNode) => {
    lead.current = node;
  }, []);

  const onDrag = useCallback((event: MouseEvent | TouchEvent, node: CanvasNode, nodes: CanvasNode[]) => {
    const drag = dragOf(event, node, nodes);
    const target = judgeMove(scene(), drag);
    const isCard = node.type === "instance" || node.type === "nat-gateway";
    gestures.setState({
      pointer: clientPoint(event),
      hint: target.ok
        ? { targetId: isCard ? target.targetId : null, ok: true, reason: null }
        : { targetId: null, ok: false, reason: target.reason },
    });
    if (nodes.some(({ type }) => type === "vpc" || type === "gateway" || type === "remote-vpc")) setMoving(withChildren(scene().world, scene().index, drag.world));
  }, [dragOf, gestures, scene]);

  const onDragStop = useCallback((event: MouseEvent | TouchEvent, node: CanvasNode, nodes: CanvasNode[]) => {
    const drag = dragOf(event, node, nodes);
    lead.current = null;
    setMoving(null);
    gestures.setState({ hint: null, guides: [] });
    const moved = moveObjects(scene(), drag);
    if (moved.ok) perform(editor, moved);
    else tellRefusal(gestures, moved.reason, clientPoint(event));
    snapBack();
  }, [dragOf, editor, gestures, scene, snapBack]);

  return { moving, adjust, onDragStart, onDrag, onDragStop };
}

/** None again and again is no news. */
function showGuides(gestures: GestureStore, guides: readonly Guide[]): void {
  if (guides.length > 0 || gestures.getState().guides.length > 0) gestures.setState({ guides });
}

function clientPoint(event: MouseEvent | TouchEvent): Point {
  const source = "touches" in event ? event.touches[0] ?? event.changedTouches[0] : event;
  return { x: source?.clientX ?? 0, y: source?.clientY ?? 0 };
}

/** A VPC takes its gateway along. */
function withChildren(
  world: ReadonlyMap<string, Rect>, index: { gatewayOfVpc(vpcId: string): { id: string } | undefined }, moved: ReadonlyMap<string, Rect>,
): ReadonlyMap<string, Rect> {
  const all = new Map(world);
  for (const [id, rect] of moved) {
    all.set(id, rect);
    const gateway = index.gatewayOfVpc(id);
    const from = world.get(id);
    const box = gateway && world.get(gateway.id);
    if (gateway && box && from) all.set(gateway.id, { ...box, x: box.x + rect.x - from.x, y: box.y + rect.y - from.y });
  }
  return all;
}
