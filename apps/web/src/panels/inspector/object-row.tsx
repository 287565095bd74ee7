"use client";

import { findObject } from "@vpclab/shared/topology/topology-index";
import { kindWord } from "@vpclab/shared/topology/diff";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { deleteObjects } from "../../canvas/gestures/delete-objects";
import { useEditor, useObjectState, useScene } from "../../canvas/state/editor-context";
import { perform, select } from "../../canvas/state/editor-store";
import { hasBox } from "../../canvas/gestures/gesture";
import { objectKey } from "../../canvas/scene/object-name";
import { IconButton } from "../../ui/icon-button";
import { StateMark } from "../../ui/state-mark";

interface ObjectRowProps {
  readonly id: string;
  /** Right of the name, in small letters. */
  readonly note?: ReactNode;
  readonly bad?: boolean;
  /** Offers to delete it; with the reason instead where that can never be. */
  readonly removable?: boolean;
  /** Name with more or less of its place than its own. */
  readonly name?: string;
}

/** One object in a list of another one's inspector: a click or Enter opens it. */
export function ObjectRow({ id, note, bad, removable, name }: ObjectRowProps) {
  const { editor } = useEditor();
  const { document, index } = useScene();
  const { state, reason } = useObjectState(id);
  const found = findObject(document, id);
  if (!found) return null;
  // `data-object` is where an object stands: on the canvas, if it stands there.
  const key = objectKey(index, found.kind, id);
  const remove = () => {
    const made = deleteObjects(document, new Set([id]));
    if (made.ok) perform(editor, { label: made.label, command: made.command, layoutPatch: made.layoutPatch });
    else toast.error(made.reason);
  };
  return (
    <li data-object={hasBox(id) ? undefined : key} data-row={key} data-state={state} data-id={id} className="flex items-center gap-1 rounded-box hover:bg-raised">
      <button type="button" title={reason} onClick={() => select(editor, [id])} className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-box px-2 text-left text-sm">
        {state === "absent" ? null : <StateMark state={state} />}
        <span className="min-w-0 truncate">{name ?? found.object.name}</span>
        {note ? <span className={`numeric ml-auto max-w-[75%] shrink-0 truncate text-xs ${bad ? "text-warn" : "text-muted"}`}>{note}</span> : null}
      </button>
      {removable ? <IconButton label={`Delete ${kindWord(found.kind)} ${found.object.name}`} icon={<X className="size-3.5" />} className="!size-7" onClick={remove} /> : null}
    </li>
  );
}

/** A list of objects, or one line about why there are none. */
export const ObjectList = ({ label, empty, children }: { readonly label: string; readonly empty?: string; readonly children: readonly ReactNode[] }) =>
  children.length === 0
    ? (empty ? <p className="px-2 text-xs text-muted">{empty}</p> : null)
    : <ul aria-label={label} className="flex flex-col">{children}</ul>;
