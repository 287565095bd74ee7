"use client";

import { Background, BackgroundVariant, ConnectionMode, MiniMap, ReactFlow, SelectionMode } from "@xyflow/react";
import type { EdgeChange, NodeChange } from "@xyflow/react";
import clsx from "clsx";
import { memo, useCallback, useMemo, useRef } from "react";
import type { ReactNode } from "react";
import { GRID } from "./scene/card-size";
import { edgeRoutes } from "./scene/edge-routes";
import type { EdgeRoutes } from "./scene/edge-routes";
import { GatewayEdgeView } from "./edges/gateway-edge";
import { PeeringEdgeView } from "./edges/peering-edge";
import { UplinkEdgeView } from "./edges/uplink-edge";
import { useEditor, useEditorState, useScene } from "./state/editor-context";
import { select, selectOnCanvas } from "./state/editor-store";
import { FarLabels } from "./overlays/far-labels";
import { edgesOf } from "./scene/from-topology";
import type { CanvasEdge, CanvasNode } from "./scene/from-topology";
import { GuideLines } from "./overlays/guide-lines";
import { GatewayNodeView } from "./nodes/gateway-node";
import { HostNodeView } from "./nodes/host-node";
import { MayDraw } from "./state/may-draw";
import { InstanceNodeView } from "./nodes/instance-node";
import { InternetNodeView } from "./nodes/internet-node";
import { NatGatewayNodeView } from "./nodes/nat-gateway-node";
import { RemoteVpcNodeView } from "./nodes/remote-vpc-node";
import { SubnetNodeView } from "./nodes/subnet-node";
import { VpcNodeView } from "./nodes/vpc-node";
import { PacketOverlay } from "./overlays/packet-overlay";
import { PathOverlay } from "./overlays/path-overlay";
import { fitOptions, useAutoFit } from "./hooks/use-auto-fit";
import { useCanvasNodes } from "./hooks/use-canvas-nodes";
import { useDetail } from "./hooks/use-detail";
import { useDrag } from "./hooks/use-drag";
import { useResize } from "./hooks/use-resize";
import { usePeering } from "./hooks/use-peering";

const nodeTypes = {
  vpc: VpcNodeView, subnet: SubnetNodeView, instance: InstanceNodeView, "nat-gateway": NatGatewayNodeView, gateway: GatewayNodeView,
  "remote-vpc": RemoteVpcNodeView, internet: InternetNodeView, host: HostNodeView,
};
const edgeTypes = { gateway: GatewayEdgeView, peering: PeeringEdgeView, uplink: UplinkEdgeView };
const MULTI_SELECT_KEYS = ["Shift", "Meta", "Control"];

interface CanvasProps {
  /** To be looked at: nothing can be moved or drawn. */
  readonly readOnly?: boolean;
  /** Objects can be selected. */
  readonly selectable?: boolean;
  /** Drawn above everything, in the canvas's own coordinates. */
  readonly overlay?: (routes: EdgeRoutes) => ReactNode;
}

/** The thin layer between React Flow and the editor: every gesture is judged and done by the modules beside it. */
export const Canvas = memo(function Canvas({ readOnly = false, selectable = !readOnly, overlay }: CanvasProps) {
  const { editor } = useEditor();
  const scene = useScene();
  const selection = useEditorState((state) => state.selection);
  const element = useRef<HTMLDivElement>(null);
  const { nodes, onChange, reset } = useCanvasNodes();
  const drag = useDrag(reset);
  const resize = useResize(reset);
  const peering = usePeering();
  const { onMoveStart } = useAutoFit(element, scene);
  useDetail();

  const routes = useMemo(() => edgeRoutes(scene, drag.moving ?? scene.world), [scene, drag.moving]);
  const edges = useMemo(
    () => edgesOf(scene, routes).map((edge) => (selection.has(edge.id) ? { ...edge, selected: true } : edge)),
    [scene, routes, selection],
  );

  const onNodesChange = useCallback((changes: NodeChange<CanvasNode>[]) => {
    const adjusted = resize.adjust(drag.adjust(changes));
    onChange(adjusted);
    resize.finish(adjusted);
  }, [onChange, drag, resize]);

  const onEdgesChange = useCallback((changes: EdgeChange<CanvasEdge>[]) => {
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length > 0) selectOnCanvas(editor, chosen);
  }, [editor]);

  return (
    <MayDraw value={!readOnly}><div
      ref={element}
      data-detail="near"
      className={clsx("canvas relative size-full", peering.active && "peering-mode connecting")}
      onClickCapture={(event) => {
        if (peering.onClick({ x: event.clientX, y: event.clientY })) event.stopPropagation();
      }}
    >
      <ReactFlow<CanvasNode, CanvasEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStart={drag.onDragStart}
        onNodeDrag={drag.onDrag}
        onNodeDragStop={drag.onDragStop}
        onConnectStart={peering.onConnectStart}
        onConnectEnd={peering.onConnectEnd}
        onMoveStart={onMoveStart}
        onPaneClick={() => select(editor, [])}
        connectionMode={ConnectionMode.Loose}
        connectOnClick={false}
        elevateNodesOnSelect={false}
        selectNodesOnDrag={false}
        nodeDragThreshold={3}
        selectionMode={SelectionMode.Full}
        multiSelectionKeyCode={MULTI_SELECT_KEYS}
        deleteKeyCode={null}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        elementsSelectable={selectable}
        zoomOnDoubleClick={false}
        minZoom={0.1}
        maxZoom={2}
        fitView
        fitViewOptions={fitOptions(scene)}
        aria-label="Topology canvas"
      >
        <Background variant={BackgroundVariant.Dots} gap={GRID * 3} size={1.5} />
        <MiniMap pannable zoomable position="bottom-right" ariaLabel="Minimap" nodeColor={minimapColour} nodeStrokeColor={minimapOutline} nodeStrokeWidth={6} nodeBorderRadius={6} className="minimap" style={{ width: 152, height: 96 }} />
        <FarLabels />
        <PathOverlay routes={routes} />
        <PacketOverlay routes={routes} />
        <GuideLines />
        {overlay?.(routes)}
      </ReactFlow>
    </div></MayDraw>
  );
});

/** Public by its outline, too. */
const minimapOutline = (node: CanvasNode): string => (node.type === "subnet" && node.data.type === "public" ? "var(--color-public)" : "transparent");

function minimapColour(node: CanvasNode): string {
  if (node.type === "vpc") return "var(--color-line)";
  if (node.type === "subnet") return node.data.type === "public" ? "var(--color-public-line)" : "var(--color-private-line)";
  return node.type === "instance" || node.type === "nat-gateway" ? "var(--color-surface)" : "var(--color-line-strong)";
}
