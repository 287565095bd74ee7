"use client";

import type { PeeringCandidate } from "@vpclab/shared/wire/api";
import type { Vpc } from "@vpclab/shared/topology/topology";
import { useState } from "react";
import { toast } from "sonner";
import { useEditor } from "../../canvas/editor-context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { ErrorLine } from "../../ui/error-line";

interface PeerRequestDialogProps {
  readonly vpc: Vpc;
  /** null: closed. */
  readonly candidates: readonly PeeringCandidate[] | null;
  readonly onClose: () => void;
}

/** Asks the owner of another topology for a peering: it is pending until it is accepted there. */
export function PeerRequestDialog({ vpc, candidates, onClose }: PeerRequestDialogProps) {
  const { api } = useEditor();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const request = async (peerTopologyId: string, peerVpcId: string) => {
    setBusy(true);
    setError(null);
    try {
      await api.requestPeering({ vpcId: vpc.id, peerTopologyId, peerVpcId });
      toast.success("The peering is requested. It carries nothing before the other side accepts it.");
      onClose();
    } catch (thrown) {
      setError(api.failureOf(thrown).message);
    }
    setBusy(false);
  };
  return (
    <Dialog open={candidates !== null} onClose={onClose} title={`Peer ${vpc.name} with a VPC of another topology`} description="The other side has to accept it. Ranges that overlap cannot be peered.">
      {error ? <ErrorLine>{error}</ErrorLine> : null}
      {candidates?.length === 0 ? <p className="text-sm text-muted">No other topology has a VPC that this one can be peered with.</p> : null}
      <ul aria-label="VPCs of other topologies" className="flex max-h-80 flex-col gap-3 overflow-y-auto">
        {candidates?.map(({ topologyId, topologyName, vpcs }) => (
          <li key={topologyId}>
            <h3 className="text-xs text-muted">{topologyName}</h3>
            {vpcs.map(({ id, name, cidr }) => (
              <div key={id} className="flex items-center gap-2 py-1 text-sm">
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <span className="numeric text-xs text-muted">{cidr}</span>
                <Button size="sm" disabled={busy} onClick={() => void request(topologyId, id)} aria-label={`Request peering with ${topologyName}/${name}`}>Request</Button>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
