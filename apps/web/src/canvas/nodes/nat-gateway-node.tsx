import type { NodeProps } from "@xyflow/react";
import { Shuffle } from "lucide-react";
import { memo } from "react";
import type { NatGatewayNode } from "../scene/from-topology";
import { NodeFrame } from "./node-frame";
import { ObjectReason, ObjectStateMark } from "./object-state-mark";
import { PublicAddress } from "./public-address";
import { Rate } from "./rate";

/** A NAT gateway: it stands in a subnet like an instance and lends its public address to what is routed to it. */
export const NatGatewayNodeView = memo(function NatGatewayNodeView({ id, data, selected }: NodeProps<NatGatewayNode>) {
  const { natGateway, label, elasticIp } = data;
  return (
    <NodeFrame id={id} object={`nat-gateway:${label}`} selected={Boolean(selected)} className="bg-surface">
      <div className="flex h-full flex-col justify-center px-3">
        <div className="flex items-center gap-2">
          <Shuffle className="when-near size-4 shrink-0 text-accent" aria-hidden />
          <span className="when-small legible min-w-0 flex-1 truncate font-medium">{natGateway.name}</span>
          <span className="when-near legible-sm text-muted">NAT</span>
          <span className="when-small"><ObjectStateMark id={id} /></span>
        </div>
        <div className="when-middle legible-sm numeric truncate text-muted">{natGateway.address}</div>
        <div className="when-near flex min-w-0"><PublicAddress id={id} elasticIp={elasticIp} missing="no Elastic IP" /></div>
        <span className="when-near"><ObjectReason id={id} /></span>
        <Rate id={id} />
      </div>
    </NodeFrame>
  );
});
