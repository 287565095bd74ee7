"use client";

import clsx from "clsx";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import type { ReactNode } from "react";
import { StateMark } from "../../ui/state-mark";
import { useEditor, useEditorState, useObjectState } from "../state/editor-context";
import { select } from "../state/editor-store";

interface ObjectChipProps {
  readonly id: string;
  readonly kind: ObjectKind;
  /** With its VPC, as in `data-object`. */
  readonly name: string;
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** An object that is drawn as a sign on another one: its table, its group, its address. A click selects it. */
export function ObjectChip({ id, kind, name, title, className, children }: ObjectChipProps) {
  const { editor } = useEditor();
  const selected = useEditorState(({ selection }) => selection.has(id));
  const { state, reason } = useObjectState(id);
  const words = state === "failed" || state === "drifted" ? `${title}, ${state}: ${reason ?? ""}` : title;
  return (
    <button
      type="button"
      data-chip={`${kind}:${name}`}
      data-state={state}
      title={words}
      aria-label={words}
      // Not a tab stop of its own: the canvas has enough of them, and the inspector lists the same objects.
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        select(editor, [id]);
      }}
      className={clsx(
        "nodrag legible-sm inline-flex min-w-0 items-center gap-1 rounded-[5px] border px-1",
        state === "failed" ? "!border-bad !text-bad" : state === "drifted" ? "!border-warn !text-warn" : "",
        selected ? "border-accent bg-accent-soft text-accent" : "border-line bg-surface text-muted hover:border-line-strong hover:text-text", className,
      )}
    >
      {state === "failed" || state === "drifted" ? <StateMark state={state} size={10} /> : null}
      {children}
    </button>
  );
}
