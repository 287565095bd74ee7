"use client";

import type { PeeringCandidate } from "@vpclab/shared/wire/api";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { useEditor, useEditorState, useGesture } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { ErrorLine } from "../../ui/error-line";

/** Asks the owner of another topology for a peering: it is pending until it is accepted there. Opened by button, menu and Find alike. */
export function PeerRequestDialog() {
  const { gestures } = useEditor();
  const overlay = useGesture((state) => state.overlay);
  const vpcId = overlay?.kind === "peer-request" ? overlay.vpcId : null;
  const name = useEditorState(({ document }) => document.vpcs.find(({ id }) => id === vpcId)?.name);
  const close = () => gestures.setState({ overlay: null });
  return (
    <Dialog open={vpcId !== null} onClose={close} title={`Peer ${name ?? "the VPC"} with a VPC of another topology`} description="The other side has to accept it. Ranges that overlap cannot be peered.">
      {vpcId === null ? null : <Candidates key={vpcId} vpcId={vpcId} close={close} />}
    </Dialog>
  );
}

function Candidates({ vpcId, close }: { readonly vpcId: string; readonly close: () => void }) {
  const { api } = useEditor();
  const { candidates, refusal } = useCandidates(vpcId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const request = async (peerTopologyId: string, peerVpcId: string) => {
    setBusy(true);
    setError(null);
    try {
      await api.requestPeering({ vpcId, peerTopologyId, peerVpcId });
      toast.success("The peering is requested. It carries nothing before the other side accepts it.");
      close();
    } catch (thrown) {
      setError(api.failureOf(thrown).message);
    }
    setBusy(false);
  };
  return (
    <>
      {error ?? refusal ? <ErrorLine>{error ?? refusal}</ErrorLine> : null}
      {candidates === null && refusal === null ? <p role="status" className="text-sm text-muted">Asking which VPCs it can be peered with.</p> : null}
      {candidates?.length === 0 ? <p role="status" className="text-sm text-muted">No other topology has a VPC that this one can be peered with.</p> : null}
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
    </>
  );
}

function useCandidates(vpcId: string): { readonly candidates: readonly PeeringCandidate[] | null; readonly refusal: string | null } {
  const { api, autosave } = useEditor();
  const [candidates, setCandidates] = useState<readonly PeeringCandidate[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      // The server judges by what it has: the VPC may be new here.
      const saved = await autosave.flush();
      const found = saved ? await api.peeringCandidates(vpcId) : null;
      if (!wanted) return;
      if (found) setCandidates(found);
      else setRefusal("Not everything is saved yet; settle that first.");
    };
    ask().catch((thrown: unknown) => (wanted ? setRefusal(api.failureOf(thrown).message) : undefined));
    return () => {
      wanted = false;
    };
  }, [api, autosave, vpcId]);
  return { candidates, refusal };
}
