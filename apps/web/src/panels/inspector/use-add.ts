import type { RandomBytes } from "@vpclab/shared/topology/ids";
import type { NewObject } from "@vpclab/shared/topology/new-object";
import type { Topology } from "@vpclab/shared/topology/topology";
import { useCallback } from "react";
import { toast } from "sonner";
import { useEditor } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { randomBytes } from "../../canvas/gestures/random-bytes";

/** Makes an object that has no box on the canvas, selects it, and says why where that is refused. */
export function useAdd() {
  const { editor } = useEditor();
  return useCallback((noun: string, make: (document: Topology, random: RandomBytes) => NewObject) => {
    const made = make(editor.getState().document, randomBytes);
    const done = perform(editor, { label: `Add ${noun}`, command: made.command, layoutPatch: {}, select: [made.id] });
    if (!done.ok) toast.error(done.error[0]?.message ?? "It cannot be added.");
  }, [editor]);
}
