import { useMemo } from "react";
import { toast } from "sonner";
import { useEditor, useEditorState, useScene } from "../../canvas/state/editor-context";
import { isOursToAnswer } from "../../canvas/scene/peering-view";
import { useAnswerPeering } from "../use-answer-peering";
import type { Draft } from "./draft";

/** What is asked of another topology: a peering for the selected VPC, and the answer to the selected request. */
export function usePeeringCommands(): readonly Draft[] {
  const { gestures } = useEditor();
  const { index } = useScene();
  const selection = useEditorState((state) => state.selection);
  const answer = useAnswerPeering();
  return useMemo(() => {
    const [id, ...more] = selection;
    const only = more.length === 0 ? id ?? "" : "";
    const vpc = index.vpcById.get(only);
    const peering = index.peeringById.get(only);
    const reply = (accept: boolean) => async () => {
      const refusal = peering ? await answer(peering, accept) : null;
      if (refusal !== null) toast.error(refusal);
    };
    return [
      {
        id: "connect-other-topology", label: `Peer ${vpc?.name ?? "a VPC"} with a VPC of another topology`, words: "peering request connect", refusal: vpc ? undefined : "Select one VPC first.",
        run: () => vpc && gestures.setState({ overlay: { kind: "peer-request", vpcId: vpc.id } }),
      },
      ...(peering && isOursToAnswer(peering)
        ? ([true, false] as const).map((accept) => ({ id: `connect-${accept ? "accept" : "reject"}`, label: `${accept ? "Accept" : "Reject"} peering ${peering.name}`, words: "answer", run: () => void reply(accept)() }))
        : []),
    ];
  }, [selection, index, gestures, answer]);
}
