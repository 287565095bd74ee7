"use client";

import type { Peering } from "@vpclab/shared/topology/topology";
import { useState } from "react";
import { useScene } from "../../canvas/state/editor-context";
import { isOursToAnswer, peeringEnds, PEERING_WORDS } from "../../canvas/scene/peering-view";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { TextField } from "../../ui/text-field";
import { useAnswerPeering } from "../use-answer-peering";
import { Fact } from "./fact";
import { PeeringRoutes } from "./peering-routes";
import { useUpdate } from "./use-update";

export function PeeringFields({ peering }: { readonly peering: Peering }) {
  const { index } = useScene();
  const update = useUpdate("peering", peering.id, peering.name);
  const [requester, accepter] = peeringEnds(index, peering);
  const tone = peering.status === "active" ? "bg-raised" : peering.status === "pending-acceptance" ? "bg-busy-soft text-busy" : "bg-bad-soft text-bad";
  return (
    <>
      <div aria-label="Peering status" className={`flex flex-col gap-2 rounded-box px-3 py-2 text-sm ${tone}`}>
        <span>{`Status: ${PEERING_WORDS[peering.status]}`}</span>
        {peering.status === "active" ? null : <span className="text-xs">It carries nothing, and routes to it are blackholes.</span>}
        {isOursToAnswer(peering) ? <Answer peering={peering} /> : null}
      </div>
      <TextField label="Name" value={peering.name} commit={(name) => update({ name })} />
      <dl className="flex flex-col gap-1">
        <Fact label="Requester" value={`${requester.name}  ${requester.cidr}`} />
        <Fact label="Accepter" value={`${accepter.name}  ${accepter.cidr}`} />
      </dl>
      <PeeringRoutes peering={peering} from={requester} to={accepter} />
      <PeeringRoutes peering={peering} from={accepter} to={requester} />
      <p className="text-xs text-muted">Only these two VPCs reach each other: a peering is not transitive.</p>
    </>
  );
}

function Answer({ peering }: { readonly peering: Peering }) {
  const give = useAnswerPeering();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const answer = async (accept: boolean) => {
    setBusy(true);
    setError(await give(peering, accept));
    setBusy(false);
  };
  return (
    <>
      <div className="flex gap-2">
        <Button size="sm" look="primary" disabled={busy} onClick={() => void answer(true)}>Accept</Button>
        <Button size="sm" disabled={busy} onClick={() => void answer(false)}>Reject</Button>
      </div>
      {error ? <ErrorLine>{error}</ErrorLine> : null}
    </>
  );
}
