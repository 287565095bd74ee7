"use client";

import type { Peering } from "@vpclab/shared/topology/topology";
import { useEditorState } from "../../canvas/editor-context";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { useUpdate } from "./use-update";

export function PeeringFields({ peering }: { readonly peering: Peering }) {
  const update = useUpdate("peering", peering.id, peering.name);
  const requester = useEditorState((state) => state.document.vpcs.find(({ id }) => id === peering.requesterVpcId));
  const accepter = useEditorState((state) => state.document.vpcs.find(({ id }) => id === peering.accepterVpcId));
  return (
    <>
      <TextField label="Name" value={peering.name} commit={(name) => update({ name })} />
      <dl className="flex flex-col gap-1">
        <Fact label="Requester" value={`${requester?.name ?? "?"}  ${requester?.cidr ?? ""}`} />
        <Fact label="Accepter" value={`${accepter?.name ?? "?"}  ${accepter?.cidr ?? ""}`} />
        <Fact label="Routes" value="on both sides" />
      </dl>
      <p className="text-xs text-muted">Only these two VPCs reach each other: a peering is not transitive.</p>
    </>
  );
}
