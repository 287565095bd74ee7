"use client";

import type { MintedJoinToken } from "@vpclab/shared/wire/api";
import { useId, useState } from "react";
import { Button } from "../../ui/button";
import { CommandBlock } from "../../ui/command-block";
import { Dialog } from "../../ui/dialog";
import { Segmented } from "../../ui/segmented";
import type { JoinMode } from "./join-command";
import { isLoopback, joinCommand } from "./join-command";

interface AddHostDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Answers the token, or why there is none. */
  readonly mint: (name: string) => Promise<MintedJoinToken | string>;
}

/** Name first, then the one command to paste on that machine. */
export function AddHostDialog({ open, onClose, mint }: AddHostDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Add host" wide>
      <AddHost onClose={onClose} mint={mint} />
    </Dialog>
  );
}

/** Begins anew each time the dialog is opened: the token is shown once. */
function AddHost({ onClose, mint }: Omit<AddHostDialogProps, "open">) {
  const [minted, setMinted] = useState<MintedJoinToken | null>(null);
  return minted === null ? <NameForm onClose={onClose} mint={mint} onMinted={setMinted} /> : <PasteThis minted={minted} onClose={onClose} />;
}

function NameForm({ onClose, mint, onMinted }: Omit<AddHostDialogProps, "open"> & { readonly onMinted: (token: MintedJoinToken) => void }) {
  const id = useId();
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const answer = await mint(name.trim());
    setBusy(false);
    if (typeof answer === "string") setError(answer);
    else onMinted(answer);
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void send())}>
      <label htmlFor={id} className="text-xs text-muted">Name of the host</label>
      <input
        id={id}
        value={name}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onChange={(event) => (setName(event.target.value), setError(null))}
        className={`mt-1 h-9 w-full rounded-box border bg-surface px-2.5 outline-none ${error === null ? "border-line focus:border-accent" : "border-bad"}`}
      />
      {error === null ? null : <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-bad">{error}</p>}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy || name.trim() === ""}>Make a token</Button>
      </div>
    </form>
  );
}

function PasteThis({ minted, onClose }: { readonly minted: MintedJoinToken; readonly onClose: () => void }) {
  const [mode, setMode] = useState<JoinMode>("sandbox");
  return (
    <div className="flex flex-col gap-4 text-sm">
      <Segmented<JoinMode>
        label="Mode"
        value={mode}
        onChange={setMode}
        options={[{ value: "sandbox", label: "Sandbox" }, { value: "host", label: "The machine’s real network" }]}
      />
      <p>
        On {minted.name}, in a checkout of vpclab where <code className="numeric text-xs">npm ci && npm run build</code> has run, paste this. It works once,
        until {new Date(minted.expiresAt).toLocaleTimeString()}, and is not shown again.
      </p>
      <CommandBlock commands={[joinCommand(minted, mode)]} label="Copy the command" />
      {isLoopback(minted.url) ? (
        <p className="rounded-box bg-warn-soft px-3 py-2 text-warn">
          Other machines do not reach this server at {minted.url}. Start it with HOST and PUBLIC_URL set, best behind TLS.
        </p>
      ) : null}
      <p className="text-muted">The agent prints a fingerprint. The host then stands here and waits until you have compared it and pressed Approve.</p>
      <div className="flex justify-end"><Button look="primary" onClick={onClose}>Done</Button></div>
    </div>
  );
}
