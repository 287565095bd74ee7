import type { NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { Server } from "lucide-react";
import { memo } from "react";
import type { InstanceNode } from "../from-topology";
import { NodeFrame } from "./node-frame";
import { ObjectReason, ObjectStateMark } from "./object-state-mark";
import { Rate } from "./rate";

/** An instance: what people look for first, name and address, what listens on it, and its traffic. */
export const InstanceNodeView = memo(function InstanceNodeView({ id, data, selected }: NodeProps<InstanceNode>) {
  const { instance, type } = data;
  return (
    <NodeFrame id={id} object={`instance:${data.label}`} selected={Boolean(selected)} className="bg-surface">
      <div className="flex h-full flex-col justify-center px-3">
        <div className="flex items-center gap-2">
          <Server className={clsx("when-near size-4 shrink-0", type === "public" ? "text-public" : "text-private")} aria-hidden />
          <span className="when-small legible min-w-0 flex-1 truncate font-medium">{instance.name}</span>
          {instance.webServer ? (
            <span className="when-near legible-sm numeric rounded-full bg-accent-soft px-1.5 text-accent" title="Web server">
              :{instance.webServer.port}
            </span>
          ) : null}
          <span className="when-small"><ObjectStateMark id={id} /></span>
        </div>
        <div className="when-middle legible-sm numeric truncate text-muted">{instance.address}</div>
        <span className="when-near"><ObjectReason id={id} /></span>
        <Rate id={id} />
      </div>
    </NodeFrame>
  );
});
