import type { Peering } from "@vpclab/shared/topology/topology";
import { useCallback } from "react";
import { useEditor } from "../canvas/state/editor-context";
import { perform } from "../canvas/state/editor-store";

/**
 * The accepter's yes or no; answers why it was refused, or null. Of two VPCs of one topology it is an edit like any other; of two
 * topologies the server tells both.
 */
export function useAnswerPeering(): (peering: Peering, accept: boolean) => Promise<string | null> {
  const { editor, api, autosave } = useEditor();
  return useCallback(async (peering, accept) => {
    if (peering.remote === null) {
      const label = `${accept ? "Accept" : "Reject"} ${peering.name}`;
      const done = perform(editor, { label, command: { op: "update", kind: "peering", id: peering.id, set: { status: accept ? "active" : "rejected" } }, layoutPatch: {} });
      return done.ok ? null : done.error[0]?.message ?? "It cannot be answered.";
    }
    try {
      if (!(await autosave.flush())) return "Not everything is saved yet; settle that first.";
      await api.answerPeering(peering.id, accept);
      return null;
    } catch (thrown) {
      return api.failureOf(thrown).message;
    }
  }, [editor, api, autosave]);
}
