import { Handle, Position } from "@xyflow/react";
import type { NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { HardDrive } from "lucide-react";
import { memo } from "react";
import { useLive } from "../state/editor-context";
import type { HostNode } from "../scene/from-topology";
import { hostView } from "../state/host-view";
import { NodeFrame } from "./node-frame";
import { ObjectReason, ObjectStateMark } from "./object-state-mark";

/** The machine that becomes the drawing: the gateways' links end there, and it has the one way to the internet. */
export const HostNodeView = memo(function HostNodeView({ id, selected }: NodeProps<HostNode>) {
  const name = useLive((live) => hostView(live).name);
  const presence = useLive((live) => hostView(live).presence);
  const ground = useLive((live) => hostView(live).ground);
  const applied = useLive((live) => hostView(live).applied);
  const noHost = useLive((live) => live.heard && live.host === null);
  return (
    <NodeFrame id={id} object="host" selected={Boolean(selected)} className="bg-raised">
      <div className="flex size-full items-center justify-center gap-2.5 px-3">
        <HardDrive className="when-small size-5 shrink-0 text-muted" aria-hidden />
        <div className="min-w-0">
          <div className="flex items-center gap-2">
            <span className="legible truncate font-medium">{name ?? "Host"}</span>
            {presence === null ? null : (
              <span className="when-small legible-sm flex items-center gap-1.5 text-muted">
                <span aria-hidden className={clsx("size-2 shrink-0 rounded-full", presence === "online" ? "bg-ok" : "bg-bad")} />
                {presence}
              </span>
            )}
            {noHost ? <span className="drop-note when-small legible-sm text-muted">No host yet</span> : null}
          </div>
          <div className="when-middle legible-sm flex items-center gap-1.5 text-muted">
            {ground === null ? null : `${ground} · `}<ObjectStateMark id={id} /><span className="truncate tabular-nums">{applied}</span>
          </div>
        </div>
        <div className="when-middle max-w-72 min-w-0"><ObjectReason id={id} /></div>
      </div>
      <Handle type="target" position={Position.Bottom} isConnectable={false} className="hidden-handle" />
      <Handle type="source" position={Position.Top} isConnectable={false} className="hidden-handle" />
    </NodeFrame>
  );
});
