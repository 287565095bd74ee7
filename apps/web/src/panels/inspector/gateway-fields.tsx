"use client";

import type { InternetGateway } from "@vpclab/shared/topology/topology";
import { useEditorState } from "../../canvas/editor-context";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { useUpdate } from "./use-update";

export function GatewayFields({ gateway }: { readonly gateway: InternetGateway }) {
  const update = useUpdate("internet-gateway", gateway.id, gateway.name);
  const vpc = useEditorState((state) => state.document.vpcs.find(({ id }) => id === gateway.vpcId));
  const served = useEditorState((state) => state.document.subnets.filter(({ vpcId, type }) => vpcId === gateway.vpcId && type === "public").map(({ name }) => name).join(", "));
  return (
    <>
      <TextField label="Name" value={gateway.name} commit={(name) => update({ name })} />
      <dl className="flex flex-col gap-1">
        <Fact label="VPC" value={vpc?.name ?? "?"} />
        <Fact label="Serves" value={served || "no public subnet yet"} />
      </dl>
      <p className="text-xs text-muted">Public subnets reach the internet by the host’s address (masquerade).</p>
    </>
  );
}
