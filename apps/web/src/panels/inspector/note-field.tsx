"use client";

import { TEMPLATES } from "@vpclab/shared/templates/template-catalog";
import { useId, useState } from "react";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { useCommand } from "./use-update";

/** What the topology is for, in a person's words; of a template that is broken on purpose also the way to its solution. */
export function NoteField({ note }: { readonly note: string }) {
  const id = useId();
  const command = useCommand();
  const [draft, setDraft] = useState(note);
  const [known, setKnown] = useState(note);
  const [error, setError] = useState<string | null>(null);
  if (known !== note) {
    setKnown(note);
    setDraft(note);
    setError(null);
  }
  const settle = () => {
    const text = draft.trim().replace(/\s*\n\s*/g, " ");
    setError(text === note ? null : command("Edit the note", { op: "settings", set: { note: text } }));
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">Note</label>
      <textarea
        id={id}
        value={draft}
        rows={draft === "" ? 2 : 6}
        placeholder="What this topology is for, or what to find in it"
        aria-invalid={error !== null}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === "Escape") setDraft(note);
          // Keys that mean something on the canvas mean text here.
          event.stopPropagation();
        }}
        className="w-full resize-y rounded-box border border-line bg-surface px-2 py-1.5 text-sm outline-none hover:border-line-strong focus:border-accent"
      />
      {error === null ? null : <ErrorLine>{error}</ErrorLine>}
      <Solution note={note} />
    </div>
  );
}

function Solution({ note }: { readonly note: string }) {
  const [shown, setShown] = useState(false);
  const solution = TEMPLATES.find((template) => template.text === note)?.solution;
  if (solution === undefined) return null;
  if (!shown) return <div><Button size="sm" look="quiet" onClick={() => setShown(true)}>Show the solution</Button></div>;
  return <p className="rounded-box bg-raised px-3 py-2 text-sm">{solution}</p>;
}
