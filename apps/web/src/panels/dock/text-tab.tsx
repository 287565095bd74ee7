"use client";

import { useRef } from "react";
import { toast } from "sonner";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { useLooksOnly } from "../people/use-looks-only";
import { offsetOf } from "../text/caret-after";
import { TextArea } from "../text/text-area";
import { useTextDraft } from "../text/use-text-draft";

const SHOWN_MAX = 20;

/** The topology as a file, edited both ways. */
export function TextTab() {
  const { text, edited, issues, movedOn, type, discard, apply } = useTextDraft();
  const readOnly = useLooksOnly();
  const area = useRef<HTMLTextAreaElement>(null);
  const applyButton = useRef<HTMLButtonElement>(null);
  const show = (position: { readonly line: number; readonly column: number }) => {
    const at = offsetOf(text, position);
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
  };
  const tryToApply = () => {
    const refused = edited ? apply() : null;
    if (refused !== null) toast.error(refused);
  };
  return (
    <section aria-label="Topology as text" className="flex h-full min-h-0 flex-col">
      <header className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-1.5">
        <p role="status" className="min-w-0 flex-1 truncate text-xs text-muted">
          {!edited ? "The drawing as a topology file. What you change here is applied to the drawing as one step." : issues.length > 0
            ? `${issues.length === 1 ? "One thing is" : `${issues.length} things are`} wrong; nothing is applied.`
            : movedOn ? "Ready. The drawing changed meanwhile: only what you changed in the text is applied." : "Ready to apply: Ctrl+Enter."}
        </p>
        {edited ? <Button size="sm" look="quiet" onClick={discard}>Discard the text</Button> : null}
        <Button ref={applyButton} size="sm" look="primary" disabled={!edited || issues.length > 0} onClick={tryToApply}>Apply text</Button>
        <CopyButton text={text} label="Copy the text" />
      </header>
      <TextArea
        area={area} text={text} edited={edited} readOnly={readOnly} wrongLines={new Set(issues.map(({ position }) => position.line))}
        onType={type} onApply={tryToApply} onLeave={() => (applyButton.current?.disabled ? area.current?.blur() : applyButton.current?.focus())}
      />
      <ul id="text-problems" aria-label="Problems in the text" className="max-h-24 shrink-0 overflow-y-auto">
        {issues.slice(0, SHOWN_MAX).map((issue) => (
          <li key={`${issue.code} ${issue.position.line}:${issue.position.column} ${issue.message}`}>
            <button type="button" onClick={() => show(issue.position)} className="flex w-full gap-2 px-3 py-1 text-left text-xs text-bad hover:bg-raised">
              <span className="numeric shrink-0">{`${issue.position.line}:${issue.position.column}`}</span>
              <span>{issue.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
