import { useReactFlow } from "@xyflow/react";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { FIT } from "./use-auto-fit";
import { deleteObjects, goneWith } from "./delete-objects";
import { useEditor } from "./editor-context";
import { perform, redo, select, undo } from "./editor-store";

export interface Deletion {
  readonly ids: ReadonlySet<string>;
  readonly gone: ReadonlySet<string>;
}

/** What keys, buttons and menus do. `deletion` asks to be confirmed first, because applied objects with content would go. */
export function useEditorActions() {
  const { editor, live, gestures } = useEditor();
  const { fitView, zoomIn, zoomOut } = useReactFlow();
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
      fit: () => void fitView({ ...FIT, duration: 150 }),
      zoomIn: () => void zoomIn({ duration: 100 }),
      zoomOut: () => void zoomOut({ duration: 100 }),
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
  }, [editor, live, gestures, fitView, zoomIn, zoomOut]);

  return { ...actions, deletion };
}

export type EditorActions = ReturnType<typeof useEditorActions>;
