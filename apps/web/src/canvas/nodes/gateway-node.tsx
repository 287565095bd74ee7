import { Handle, Position } from "@xyflow/react";
import type { NodeProps } from "@xyflow/react";
import { DoorOpen } from "lucide-react";
import { memo } from "react";
import type { GatewayNode } from "../scene/from-topology";
import { NodeFrame } from "./node-frame";
import { ObjectStateMark } from "./object-state-mark";
import { Rate } from "./rate";

/** An internet gateway, on its VPC's upper edge. */
export const GatewayNodeView = memo(function GatewayNodeView({ id, data, selected }: NodeProps<GatewayNode>) {
  const { gateway } = data;
  return (
    <NodeFrame id={id} object={`internet-gateway:${gateway.name}`} selected={Boolean(selected)} className="bg-surface">
      <div className="flex h-full items-center gap-2 px-2.5">
        <DoorOpen className="when-near size-4 shrink-0 text-public" aria-hidden />
        <div className="when-small min-w-0 flex-1">
          <div className="legible-sm truncate font-medium">{gateway.name}</div>
          <Rate id={id} />
        </div>
        <ObjectStateMark id={id} />
      </div>
      <Handle type="source" position={Position.Top} isConnectable={false} className="hidden-handle" />
    </NodeFrame>
  );
});
