"use client";

import { routerNamespace } from "@vpclab/shared/net/namespace-name";
import type { Vpc } from "@vpclab/shared/topology/topology";
import { Cable } from "lucide-react";
import { toast } from "sonner";
import { peerVpcs } from "../../canvas/add-by-key";
import { peeringRefusal } from "../../canvas/connect-vpcs";
import { useEditor, useEditorState } from "../../canvas/editor-context";
import { perform, select } from "../../canvas/editor-store";
import { randomBytes } from "../../canvas/random-bytes";
import { Button } from "../../ui/button";
import { Menu, MenuItem, MenuLabel } from "../../ui/menu";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { useUpdate } from "./use-update";

export function VpcFields({ vpc }: { readonly vpc: Vpc }) {
  const { editor, scene } = useEditor();
  const update = useUpdate("vpc", vpc.id, vpc.name);
  const topologyName = useEditorState((state) => state.name);
  const document = useEditorState((state) => state.document);
  const subnets = document.subnets.filter((subnet) => subnet.vpcId === vpc.id);
  const others = document.vpcs.filter((other) => other.id !== vpc.id);

  const peer = (otherId: string) => {
    const made = peerVpcs(scene(), vpc.id, otherId, randomBytes);
    if (made.ok) perform(editor, made);
    else toast.error(made.reason);
  };

  return (
    <>
      <TextField label="Name" value={vpc.name} commit={(name) => update({ name })} />
      <TextField label="CIDR" value={vpc.cidr} mono hint="/16 to /28" commit={(cidr) => update({ cidr })} />
      <dl className="flex flex-col gap-1">
        <Fact label="Router namespace" value={routerNamespace(topologyName, vpc.name)} copy />
      </dl>
      <section className="flex flex-col gap-1">
        <h3 className="text-xs text-muted">Subnets</h3>
        {subnets.length === 0 ? <p className="text-sm text-muted">None yet. Drag one in, or press Enter on it in the palette.</p> : null}
        {subnets.map((subnet) => (
          <button key={subnet.id} type="button" onClick={() => select(editor, [subnet.id])} className="flex items-center justify-between rounded-box px-2 py-1 text-sm hover:bg-raised">
            <span>{subnet.name}</span>
            <span className="numeric text-xs text-muted">{subnet.cidr}</span>
          </button>
        ))}
      </section>
      {others.length > 0 ? (
        <Menu trigger={<Button><Cable className="size-4" aria-hidden />Peer with</Button>}>
          <MenuLabel>Peer {vpc.name} with</MenuLabel>
          {others.map((other) => {
            const reason = peeringRefusal(document, vpc.id, other.id);
            return (
              <MenuItem key={other.id} onSelect={() => peer(other.id)} disabled={reason !== null}>
                <span title={reason ?? undefined}>{other.name} <span className="numeric text-xs text-muted">{other.cidr}</span></span>
              </MenuItem>
            );
          })}
        </Menu>
      ) : null}
    </>
  );
}
