"use client";

import { findObject } from "@vpclab/shared/topology/topology-index";
import { kindWord } from "@vpclab/shared/topology/diff";
import { useEditorState } from "../canvas/state/editor-context";
import type { EditorActions } from "../canvas/hooks/use-editor-actions";
import { ConfirmDialog } from "../ui/dialog";
import { countInWords } from "../canvas/scene/object-counts";

/** Before deleting something applied that has content. */
export function DeleteDialog({ actions }: { readonly actions: EditorActions }) {
  const document = useEditorState((state) => state.document);
  const { deletion } = actions;
  const [only] = deletion && deletion.ids.size === 1 ? [...deletion.ids] : [];
  const found = only ? findObject(document, only) : null;
  const subject = found ? `${kindWord(found.kind)} ${found.object.name}` : `${deletion?.ids.size ?? 0} objects`;
  const others = deletion ? [...deletion.gone].filter((id) => !deletion.ids.has(id)) : [];
  return (
    <ConfirmDialog
      open={deletion !== null}
      onClose={actions.keep}
      onConfirm={() => (deletion ? actions.deleteNow(deletion.ids) : undefined)}
      title={`Delete ${subject}?`}
      action={`Delete ${deletion?.gone.size ?? 0} objects`}
    >
      {others.length > 0 ? <p>{`With it go ${countInWords(others)}.`}</p> : null}
      <p className="mt-2">They leave the drawing now and the host at the next Apply. Undo brings them back.</p>
    </ConfirmDialog>
  );
}
