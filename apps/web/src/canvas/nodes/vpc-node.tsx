import { Handle, NodeResizeControl, Position } from "@xyflow/react";
import type { NodeProps } from "@xyflow/react";
import { Cloud } from "lucide-react";
import { memo } from "react";
import { peeringRefusal } from "../gestures/connect-vpcs";
import { useEditor, useGesture } from "../state/editor-context";
import type { VpcNode } from "../scene/from-topology";
import { useMayDraw } from "../state/may-draw";
import { NodeFrame } from "./node-frame";
import { OwnedTrouble } from "./owned-trouble";
import { ObjectReason, ObjectStateMark } from "./object-state-mark";
import { ResizeGrip } from "./resize-grip";

const SIDES = [Position.Top, Position.Right, Position.Bottom, Position.Left] as const;

/** A VPC: the container that everything else stands in. Peerings are drawn from the round handles on its sides. */
export const VpcNodeView = memo(function VpcNodeView({ id, data, selected }: NodeProps<VpcNode>) {
  const { vpc, subnets, owned } = data;
  const { scene } = useEditor();
  const mayDraw = useMayDraw();
  // While a peering is being drawn: whether it may end here. The reason is at the pointer.
  const refuses = useGesture(({ peering }) => Boolean(peering?.fromId) && peeringRefusal(scene().document, peering!.fromId!, id) !== null && peering!.fromId !== id);
  return (
    <NodeFrame id={id} object={`vpc:${vpc.name}`} selected={Boolean(selected)} className={refuses ? "cursor-not-allowed bg-surface opacity-45" : "bg-surface"}>
      {selected && mayDraw ? <NodeResizeControl position="bottom-right" className="!border-0 !bg-transparent"><ResizeGrip /></NodeResizeControl> : null}
      <header className="flex items-start gap-2 px-4 pt-8">
        <Cloud className="when-small mt-0.5 size-5 shrink-0 text-muted" aria-hidden />
        <div className="min-w-0 flex-1">
          <div className="when-far flex items-center gap-2">
            <span className="legible truncate font-semibold">{vpc.name}</span>
            <ObjectStateMark id={id} />
            <OwnedTrouble owned={owned} />
          </div>
          <div className="when-middle legible-sm numeric truncate text-muted">{vpc.cidr}</div>
          <ObjectReason id={id} />
        </div>
      </header>
      {subnets === 0 && mayDraw ? (
        <p className="when-near pointer-events-none absolute inset-x-4 top-1/2 text-center text-sm text-muted">Drop a subnet here</p>
      ) : null}
      {SIDES.map((side) => (
        <Handle
          key={side} id={side} type="source" isConnectable={mayDraw && !refuses} position={side} className={mayDraw ? "peer-handle" : "hidden-handle"}
          {...(mayDraw ? { role: "img", "aria-label": `Draw a peering from ${vpc.name}` } : { "aria-hidden": true })}
        />
      ))}
    </NodeFrame>
  );
});
