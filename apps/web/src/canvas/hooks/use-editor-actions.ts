import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { deleteObjects, goneWith } from "../gestures/delete-objects";
import { useEditor } from "../state/editor-context";
import { perform, redo, select, undo } from "../state/editor-store";
import { useView } from "./use-view";

export interface Deletion {
  readonly ids: ReadonlySet<string>;
  readonly gone: ReadonlySet<string>;
}

/** What keys, buttons and menus do. `deletion` asks to be confirmed first, because applied objects with content would go. */
export function useEditorActions() {
  const { editor, live, gestures } = useEditor();
  const view = useView();
  const [deletion, setDeletion] = useState<Deletion | null>(null);

  const actions = useMemo(() => {
    const tell = (done: { ok: boolean; value?: string; error?: readonly { message: string }[] }, verb: string) => {
      if (!done.ok) toast.error(`${verb} is not possible any more: ${done.error?.[0]?.message ?? ""}`);
    };
    const deleteNow = (ids: ReadonlySet<string>) => {
      const made = deleteObjects(editor.getState().document, ids);
      if (made.ok) perform(editor, made);
      else toast.error(made.reason);
      setDeletion(null);
    };
    return {
      undo: () => tell(undo(editor), "Undo"),
      redo: () => tell(redo(editor), "Redo"),
      ...view,
      selectAll: () => select(editor, [...objectsOf(editor.getState().document)].map(({ object }) => object.id)),
      escape: () => {
        select(editor, []);
        gestures.setState({ path: null, row: null, refusal: null, peering: null, hint: null });
      },
      deleteSelection: () => {
        const { document, selection } = editor.getState();
        if (selection.size === 0) return;
        const gone = goneWith(document, selection);
        const { objects } = live.getState().deployment;
        const applied = [...gone].some((id) => (objects[id]?.state ?? "absent") !== "absent");
        if (applied && gone.size > selection.size) setDeletion({ ids: selection, gone });
        else deleteNow(selection);
      },
      deleteNow,
      keep: () => setDeletion(null),
    };
  }, [editor, live, gestures, view]);

  return useMemo(() => ({ ...actions, deletion }), [actions, deletion]);
}

export type EditorActions = ReturnType<typeof useEditorActions>;
