import { useReactFlow } from "@xyflow/react";
import type { FinalConnectionState, OnConnectStartParams } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import { peerVpcs } from "../gestures/add-by-key";
import { peeringRefusal } from "../gestures/connect-vpcs";
import { useEditor, useGesture } from "../state/editor-context";
import { perform } from "../state/editor-store";
import { tellRefusal } from "../state/gesture-store";
import { randomBytes } from "../gestures/random-bytes";
import { containsPoint } from "../scene/rect";
import type { Point } from "../scene/rect";

/** Drawing a peering: from a VPC's handle, or by the palette and two clicks. The target is a whole VPC, not a small handle. */
export function usePeering() {
  const { editor, gestures, scene } = useEditor();
  const { screenToFlowPosition } = useReactFlow();
  const active = useGesture(({ peering }) => peering !== null);

  const vpcAt = useCallback((client: Point): string | null => {
    const point = screenToFlowPosition(client, { snapToGrid: false });
    const { document, world } = scene();
    return document.vpcs.find(({ id }) => containsPoint(world.get(id)!, point))?.id ?? null;
  }, [scene, screenToFlowPosition]);

  const finish = useCallback((fromId: string, toId: string, at: Point) => {
    const made = peerVpcs(scene(), fromId, toId, randomBytes);
    if (made.ok) perform(editor, made);
    else tellRefusal(gestures, made.reason, at);
    gestures.setState({ peering: null, hint: null });
  }, [editor, gestures, scene]);

  useEffect(() => {
    if (!active) return;
    const follow = (event: PointerEvent) => {
      const at = { x: event.clientX, y: event.clientY };
      const toId = vpcAt(at);
      const fromId = gestures.getState().peering?.fromId ?? null;
      const reason = toId && fromId && toId !== fromId ? peeringRefusal(scene().document, fromId, toId) : null;
      gestures.setState({ pointer: at, hint: toId === null ? null : { targetId: toId, ok: reason === null, reason } });
    };
    const cancel = (event: KeyboardEvent) => {
      if (event.key === "Escape") gestures.setState({ peering: null, hint: null });
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("keydown", cancel);
    return () => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("keydown", cancel);
    };
  }, [active, gestures, scene, vpcAt]);

  const onConnectStart = useCallback((_: unknown, { nodeId }: OnConnectStartParams) => {
    gestures.setState({ peering: { fromId: nodeId } });
  }, [gestures]);

  const onConnectEnd = useCallback((event: MouseEvent | TouchEvent, { fromNode }: FinalConnectionState) => {
    const touch = "changedTouches" in event ? event.changedTouches[0] : event;
    const at = { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
    const toId = vpcAt(at);
    if (fromNode && toId) finish(fromNode.id, toId, at);
    else {
      tellRefusal(gestures, "A peering joins two VPCs: end at a VPC.", at);
      gestures.setState({ peering: null });
    }
  }, [finish, gestures, vpcAt]);

  /** A click on the canvas while the palette's Peering is chosen. Answers whether it was meant for the peering. */
  const onClick = useCallback((at: Point): boolean => {
    const { peering } = gestures.getState();
    if (!peering) return false;
    const vpcId = vpcAt(at);
    if (vpcId === null) tellRefusal(gestures, peering.fromId ? "Click the other VPC, or press Esc." : "Click the first of the two VPCs, or press Esc.", at);
    else if (peering.fromId === null) gestures.setState({ peering: { fromId: vpcId } });
    else finish(peering.fromId, vpcId, at);
    return true;
  }, [finish, gestures, vpcAt]);

  return { active, onConnectStart, onConnectEnd, onClick };
}
