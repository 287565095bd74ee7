import type { LayoutPatch } from "@vpclab/shared/topology/layout";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { restoreEdit } from "@vpclab/shared/topology/restore-edit";
import { useCallback } from "react";
import { toast } from "sonner";
import { useEditor } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import type { PastView } from "./use-history";

/** Makes the drawing what it was at a revision: one step that can be undone, and a new revision. */
export function useRestore(leave: () => void): (view: PastView) => void {
  const { editor } = useEditor();
  return useCallback(({ revision, drawing }) => {
    const { document } = editor.getState();
    const command = restoreEdit(document, drawing.document);
    if (!command) {
      toast.info(`The drawing is as it was at revision ${revision}`);
      leave();
      return;
    }
    const there = new Set([...objectsOf(document)].map(({ object }) => object.id));
    // What comes back stands where it stood; what is there stays where it is.
    const layoutPatch: LayoutPatch = Object.fromEntries(Object.entries(drawing.layout).filter(([id]) => !there.has(id)));
    const done = perform(editor, { label: `Restore revision ${revision}`, command, layoutPatch });
    if (!done.ok) {
      toast.error(`Revision ${revision} cannot be restored: ${done.error[0]?.message ?? "the drawing has changed too much."}`);
      return;
    }
    leave();
    toast.success(`Restored revision ${revision}`, { description: "It is a new revision. Undo takes it back." });
  }, [editor, leave]);
}
