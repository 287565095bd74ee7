"use client";

import { Cable, Trash2 } from "lucide-react";
import { toast } from "sonner";
import { peerVpcs } from "../../canvas/add-by-key";
import { useEditor, useEditorState } from "../../canvas/editor-context";
import { perform } from "../../canvas/editor-store";
import { randomBytes } from "../../canvas/random-bytes";
import type { EditorActions } from "../../canvas/use-editor-actions";
import { Button } from "../../ui/button";
import { countInWords } from "../../canvas/object-counts";

/** Several objects at once: what they are, and what can be done with all of them. */
export function SelectionSummary({ actions }: { readonly actions: EditorActions }) {
  const { editor, scene } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const vpcs = [...selection].filter((id) => id.startsWith("vpc-"));
  const [first, second] = vpcs;
  const peer = () => {
    if (!first || !second) return;
    const made = peerVpcs(scene(), first, second, randomBytes);
    if (made.ok) perform(editor, made);
    else toast.error(made.reason);
  };
  return (
    <section aria-label="Inspector of the selection" className="flex flex-col gap-3 p-4">
      <h2 className="text-lg font-semibold">{`${selection.size} selected`}</h2>
      <p className="text-sm text-muted">{countInWords(selection)}</p>
      <div className="flex gap-2">
        {vpcs.length === 2 && selection.size === 2 ? <Button onClick={peer}><Cable className="size-4" aria-hidden />Peer the two</Button> : null}
        <Button look="danger" onClick={actions.deleteSelection}><Trash2 className="size-4" aria-hidden />Delete</Button>
      </div>
    </section>
  );
}
