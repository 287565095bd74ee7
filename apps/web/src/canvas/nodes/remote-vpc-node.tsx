import type { NodeProps } from "@xyflow/react";
import { Handle, Position } from "@xyflow/react";
import { CloudOff } from "lucide-react";
import { memo } from "react";
import { useEditor, useEditorState } from "../state/editor-context";
import { select } from "../state/editor-store";
import type { RemoteVpcNode } from "../scene/from-topology";

/** A VPC of another topology, as its owner showed it when the peering was requested. Nothing of it can be changed here. */
export const RemoteVpcNodeView = memo(function RemoteVpcNodeView({ data }: NodeProps<RemoteVpcNode>) {
  const { editor } = useEditor();
  const { id, remote } = data.peering;
  const selected = useEditorState(({ selection }) => selection.has(id));
  if (!remote) return null;
  return (
    <div
      data-object={`remote-vpc:${remote.topologyName}/${remote.vpcName}`}
      onClick={() => select(editor, [id])}
      className={`flex size-full flex-col justify-center rounded-box border-2 border-dashed bg-raised px-3 ${selected ? "border-accent" : "border-line-strong"}`}
    >
      <div className="flex items-center gap-2">
        <CloudOff className="when-near size-4 shrink-0 text-muted" aria-hidden />
        <span className="when-small legible min-w-0 flex-1 truncate font-medium">{remote.vpcName}</span>
      </div>
      <div className="when-middle legible-sm numeric truncate text-muted">{remote.cidr}</div>
      <div className="when-near legible-sm truncate text-muted">{`in topology ${remote.topologyName}`}</div>
      <Handle type="source" position={Position.Left} isConnectable={false} className="hidden-handle" />
      <Handle type="target" position={Position.Right} isConnectable={false} className="hidden-handle" />
    </div>
  );
});
