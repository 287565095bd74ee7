import type { NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { Server, ShieldCheck } from "lucide-react";
import { memo } from "react";
import type { InstanceNode } from "../scene/from-topology";
import { ObjectChip } from "./object-chip";
import { NodeFrame } from "./node-frame";
import { ObjectReason, ObjectStateMark } from "./object-state-mark";
import { PublicAddress } from "./public-address";
import { Rate } from "./rate";

/** An instance: what people look for first, name and addresses, what listens on it, its groups, and its traffic. */
export const InstanceNodeView = memo(function InstanceNodeView({ id, data, selected }: NodeProps<InstanceNode>) {
  const { instance, type, vpcName, elasticIp } = data;
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
          {instance.sourceDestCheck ? null : <span className="when-near legible-sm rounded-full bg-raised px-1.5 text-muted" title="Source/destination check is off: it forwards what is routed to it">fwd</span>}
          <span className="when-small"><ObjectStateMark id={id} /></span>
        </div>
        <div className="when-middle legible-sm numeric truncate text-muted">{instance.address}</div>
        <div className="when-near flex min-w-0"><PublicAddress id={id} elasticIp={elasticIp} /></div>
        <div className="when-near mt-0.5 flex min-w-0 gap-1 overflow-hidden">
          {pairs(data.groups).map(([groupId, name]) => (
            <ObjectChip key={groupId} id={groupId} kind="security-group" name={`${vpcName}/${name}`} title={`Security group ${name}`}>
              <ShieldCheck className="size-3 shrink-0" aria-hidden />
              <span className="truncate">{name}</span>
            </ObjectChip>
          ))}
        </div>
        <span className="when-near"><ObjectReason id={id} /></span>
        <Rate id={id} />
      </div>
    </NodeFrame>
  );
});

/** Ids and names in turn, as the node carries them. */
function pairs(text: string): readonly (readonly [string, string])[] {
  const words = text.split(" ");
  return words.flatMap((id, at) => (at % 2 === 0 && words[at + 1] !== undefined ? [[id, words[at + 1]!] as const] : []));
}
