import clsx from "clsx";
import { TriangleAlert } from "lucide-react";
import { useEditor, useLive, useScene } from "../state/editor-context";
import { select } from "../state/editor-store";
import { objectName } from "../scene/object-name";

/** What failed or drifted among the tables, groups and ACLs of a VPC, which have no box of their own. A click shows it. */
export function OwnedTrouble({ owned }: { readonly owned: string }) {
  const { editor } = useEditor();
  const { index } = useScene();
  const id = useLive(({ deployment }) => owned.split(" ").find((candidate) => {
    const state = deployment.objects[candidate]?.state;
    return state === "failed" || state === "drifted";
  }) ?? null);
  const status = useLive(({ deployment }) => (id === null ? undefined : deployment.objects[id]));
  if (id === null || !status) return null;
  return (
    <button
      type="button"
      title={status.reason}
      onClick={(event) => {
        event.stopPropagation();
        select(editor, [id]);
      }}
      className={clsx("nodrag legible-sm flex min-w-0 items-center gap-1 rounded-[5px] px-1", status.state === "failed" ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn")}
    >
      <TriangleAlert className="size-3.5 shrink-0" aria-hidden />
      <span className="truncate">{`${objectName(index, id)?.split("/").at(-1) ?? id} ${status.state}`}</span>
    </button>
  );
}
