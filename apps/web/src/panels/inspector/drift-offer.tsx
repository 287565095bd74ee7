import { adoptionEdit } from "@vpclab/shared/plan/adoption-edit";
import type { AdoptionEdit } from "@vpclab/shared/plan/adoption-edit";
import { toast } from "sonner";
import { useEditorState, useLive } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";
import { useDeployment } from "../use-deployment";
import { useCommand } from "./use-update";

/** What can be done about drift of one object: the host is brought back, or the drawing follows where it can say the same. */
export function DriftOffer({ id }: { readonly id: string }) {
  const { apply } = useDeployment();
  const command = useCommand();
  const document = useEditorState((state) => state.document);
  const plan = useLive((live) => live.plan);
  const online = useLive((live) => live.host?.online ?? false);
  const edits = (plan?.adoptions ?? []).filter(({ objectId, shownOn }) => objectId === id || shownOn.includes(id))
    .map((adoption) => adoptionEdit(document, adoption)).filter((edit): edit is AdoptionEdit => edit !== null);
  const adopt = (edit: AdoptionEdit) => {
    const refusal = command("Adopt what the host has", edit.command);
    if (refusal) toast.error(refusal);
    else toast("The drawing says the same as the host now. Apply it, so that it stays.");
  };
  return (
    <div aria-label="About the difference" role="group" className="mt-2 flex flex-col gap-2 text-text">
      {edits.map((edit) => (
        <div key={edit.sentence} className="flex items-center gap-2">
          <p className="min-w-0 flex-1 text-xs">{edit.sentence}</p>
          <Button size="sm" onClick={() => adopt(edit)}>Adopt</Button>
        </div>
      ))}
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 text-xs text-muted">
          {edits.length > 0 ? "Or the host is brought back to the drawing." : "The drawing has no words for this difference, so it cannot be adopted. The host can be brought back to the drawing."}
        </p>
        <Button size="sm" look="primary" disabled={!online} onClick={apply}>Repair</Button>
      </div>
    </div>
  );
}
