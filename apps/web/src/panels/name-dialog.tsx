"use client";

import { useId, useRef, useState } from "react";
import { validateTopologyName } from "@vpclab/shared/topology/validate-names";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

interface NameDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string | undefined;
  readonly action: string;
  readonly initial: string;
  /** Does it; answers the reason in words when it was refused. */
  readonly submit: (name: string) => Promise<string | null>;
}

/** Asks for the name of a topology. The error stands beneath the field. */
export function NameDialog({ open, onClose, title, description, ...form }: NameDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title={title} description={description}>
      <NameForm onClose={onClose} {...form} />
    </Dialog>
  );
}

/** Begins anew each time the dialog is opened. */
function NameForm({ onClose, action, initial, submit }: Omit<NameDialogProps, "open" | "title" | "description">) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(initial);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const send = async () => {
    const wrong = validateTopologyName(name.trim(), ["name"])[0]?.message ?? null;
    if (wrong !== null) {
      setError(wrong);
      input.current?.focus();
      return;
    }
    setBusy(true);
    const refused = await submit(name.trim());
    setBusy(false);
    if (refused === null) onClose();
    else setError(refused);
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id} className="text-xs text-muted">Name</label>
      <input
        id={id}
        ref={input}
        value={name}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setName(event.target.value);
          setError(null);
        }}
        className={`mt-1 h-9 w-full rounded-box border bg-surface px-2.5 outline-none ${error === null ? "border-line focus:border-accent" : "border-bad"}`}
      />
      {error === null ? null : <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-bad">{error}</p>}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy}>{action}</Button>
      </div>
    </form>
  );
}
