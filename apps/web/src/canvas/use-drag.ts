import { useReactFlow } from "@xyflow/react";
import type { NodeChange } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import { useEditor } from "./editor-context";
import { perform } from "./editor-store";
import { objectIdOfNode } from "./from-topology";
import type { CanvasNode } from "./from-topology";
import { tellRefusal } from "./gesture-store";
import { judgeMove, moveObjects } from "./move-objects";
import type { Drag } from "./move-objects";
import { centerOf } from "./rect";
import type { Point, Rect } from "./rect";

/** Dragging what is on the canvas: shows where it would go, and makes one undo step of the drop. `snapBack` undoes a refused one. */
export function useDrag(snapBack: () => void) {
  const { editor, gestures, scene } = useEditor();
  const { screenToFlowPosition } = useReactFlow();
  const dragging = useRef(false);
  /** Where dragged VPCs and gateways stand now, for the edges to follow. */
  const [moving, setMoving] = useState<ReadonlyMap<string, Rect> | null>(null);

  const dragOf = useCallback((event: MouseEvent | TouchEvent | null, lead: CanvasNode, nodes: readonly CanvasNode[]): Drag => {
    const { world } = scene();
    const rects = new Map<string, Rect>();
    for (const node of nodes) {
      const outer = node.parentId ? world.get(node.parentId) : undefined;
      const id = objectIdOfNode(node.id);
      const size = world.get(id) ?? { width: 0, height: 0 };
      rects.set(id, { x: node.position.x + (outer?.x ?? 0), y: node.position.y + (outer?.y ?? 0), width: size.width, height: size.height });
    }
    const client = event ? clientPoint(event) : null;
    const leadId = objectIdOfNode(lead.id);
    const pointer = client ? screenToFlowPosition(client, { snapToGrid: false }) : centerOf(rects.get(leadId)!);
    return { world: rects, leadId, pointer };
  }, [scene, screenToFlowPosition]);

  const onDragStart = useCallback(() => {
    dragging.current = true;
  }, []);

  const onDrag = useCallback((event: MouseEvent | TouchEvent, lead: CanvasNode, nodes: CanvasNode[]) => {
    const drag = dragOf(event, lead, nodes);
    const target = judgeMove(scene(), drag);
    const isCard = lead.type === "instance" || lead.type === "nat-gateway";
    gestures.setState({
      pointer: clientPoint(event),
      hint: target.ok
        ? { targetId: isCard ? target.targetId : null, ok: true, reason: null }
        : { targetId: null, ok: false, reason: target.reason },
    });
    if (nodes.some((node) => node.type === "vpc" || node.type === "gateway" || node.type === "remote-vpc")) setMoving(withChildren(scene().world, scene().index, drag.world));
  }, [dragOf, gestures, scene]);

  const settle = useCallback((drag: Drag, at: Point) => {
    const moved = moveObjects(scene(), drag);
    if (moved.ok) perform(editor, moved);
    else tellRefusal(gestures, moved.reason, at);
    snapBack();
  }, [editor, gestures, scene, snapBack]);

  const onDragStop = useCallback((event: MouseEvent | TouchEvent, lead: CanvasNode, nodes: CanvasNode[]) => {
    dragging.current = false;
    setMoving(null);
    gestures.setState({ hint: null });
    settle(dragOf(event, lead, nodes), clientPoint(event));
  }, [dragOf, gestures, settle]);

  /** Arrow keys: React Flow reports finished positions without a drag; each press is a step of its own. */
  const onKeyMoved = useCallback((changes: readonly NodeChange<CanvasNode>[], nodes: readonly CanvasNode[]) => {
    if (dragging.current) return;
    const moved = changes.flatMap((change) => {
      const node = change.type === "position" && change.dragging === false && change.position ? nodes.find(({ id }) => id === change.id) : undefined;
      return node && change.type === "position" ? [{ ...node, position: change.position! } as CanvasNode] : [];
    });
    const [lead] = moved;
    if (!lead) return;
    const drag = dragOf(null, lead, moved);
    settle(drag, { x: window.innerWidth / 2, y: window.innerHeight / 3 });
  }, [dragOf, settle]);

  return { moving, onDragStart, onDrag, onDragStop, onKeyMoved };
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
