"use client";

import type { Vpc } from "@vpclab/shared/topology/topology";
import { Cable } from "lucide-react";
import { toast } from "sonner";
import { peerVpcs } from "../../canvas/gestures/add-by-key";
import { peeringRefusal } from "../../canvas/gestures/connect-vpcs";
import { useEditor, useEditorState } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { Button } from "../../ui/button";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../../ui/menu";

/** A peering without drawing it: with a VPC of this topology at once, with one of another topology by request. */
export function PeerMenu({ vpc }: { readonly vpc: Vpc }) {
  const { editor, gestures, scene } = useEditor();
  const document = useEditorState((state) => state.document);
  const others = document.vpcs.filter((other) => other.id !== vpc.id);

  const peer = (otherId: string) => {
    const made = peerVpcs(scene(), vpc.id, otherId, randomBytes);
    if (made.ok) perform(editor, made);
    else toast.error(made.reason);
  };
  return (
    <Menu align="end" trigger={<Button size="sm" look="quiet"><Cable className="size-3.5" aria-hidden />Peer with</Button>}>
      <MenuLabel>Peer {vpc.name} with</MenuLabel>
      {others.map((other) => {
        const reason = peeringRefusal(document, vpc.id, other.id);
        return (
          <MenuItem key={other.id} onSelect={() => peer(other.id)} disabled={reason !== null}>
            <span title={reason ?? undefined}>{other.name} <span className="numeric text-xs text-muted">{other.cidr}</span></span>
          </MenuItem>
        );
      })}
      {others.length > 0 ? <MenuSeparator /> : null}
      <MenuItem onSelect={() => gestures.setState({ overlay: { kind: "peer-request", vpcId: vpc.id } })}>A VPC of another topology</MenuItem>
    </Menu>
  );
}
