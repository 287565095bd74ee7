import { NodeResizeControl } from "@xyflow/react";
import type { NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { Globe, Lock } from "lucide-react";
import { memo } from "react";
import type { SubnetNode } from "../from-topology";
import { NodeFrame } from "./node-frame";
import { ObjectReason, ObjectStateMark } from "./object-state-mark";
import { ResizeGrip } from "./resize-grip";

/** A subnet: public and private differ by colour and by sign. */
export const SubnetNodeView = memo(function SubnetNodeView({ id, data, selected }: NodeProps<SubnetNode>) {
  const { subnet, instances } = data;
  const isPublic = subnet.type === "public";
  const Sign = isPublic ? Globe : Lock;
  const word = isPublic ? "Public" : "Private";
  return (
    <NodeFrame id={id} object={`subnet:${subnet.name}`} selected={Boolean(selected)} className={isPublic ? "bg-public-soft" : "bg-private-soft"}>
      {selected ? <NodeResizeControl position="bottom-right" className="!border-0 !bg-transparent"><ResizeGrip /></NodeResizeControl> : null}
      <header className="flex items-start gap-2 px-3 pt-2.5">
        <Sign className={clsx("when-small mt-0.5 size-4 shrink-0", isPublic ? "text-public" : "text-private")} aria-label={word} />
        <div className="min-w-0 flex-1">
          <div className="when-far flex items-center gap-2">
            <span className="legible truncate font-medium">{subnet.name}</span>
            <span className="when-small"><ObjectStateMark id={id} /></span>
            {isPublic && !data.hasWayOut ? <span className="when-near legible-sm ml-auto truncate text-warn">no gateway</span> : null}
          </div>
          <div className="when-middle legible-sm numeric truncate text-muted">{subnet.cidr}</div>
          <ObjectReason id={id} />
        </div>
      </header>
      {instances === 0 ? (
        <p className="when-near pointer-events-none absolute inset-x-3 bottom-1/3 text-center text-xs text-muted">Drop an instance here</p>
      ) : null}
    </NodeFrame>
  );
});
