"use client";

import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { useEditor, useEditorState } from "../canvas/state/editor-context";
import { resolveConflict } from "../canvas/state/editor-store";
import { rebase } from "../canvas/state/rebase";
import { describeDifference, diffTopologies } from "@vpclab/shared/topology/diff";
import type { Topology } from "@vpclab/shared/topology/topology";
import { Button } from "../ui/button";

/** Somebody else saved first and changed the same: only what both have a say in, in words, and three ways on. All else is merged. */
export function ConflictPanel() {
  const { editor, api } = useEditor();
  const router = useRouter();
  const conflict = useEditorState((state) => state.conflict);
  const base = useEditorState((state) => state.stored.document);
  const document = useEditorState((state) => state.document);
  const unsaved = useEditorState((state) => state.unsaved);
  const [busy, setBusy] = useState(false);
  const together = useMemo(() => (conflict ? rebase(base, conflict.theirs.document, unsaved, "mine") : null), [conflict, base, unsaved]);
  const contested = useMemo(() => new Set(together?.collisions.map(({ objectId }) => objectId)), [together]);
  const words = (changed: Topology) => diffTopologies(base, changed).filter(({ id }) => contested.has(id)).map(describeDifference);
  if (!conflict || !together) return null;

  const saveCopy = async (thenTakeTheirs: boolean) => {
    setBusy(true);
    const { name, document: drawing, layout } = editor.getState();
    try {
      const copyName = `${name.slice(0, 20)}-mine-${Date.now().toString(36).slice(-4)}`;
      const { id } = await api.importCopy(copyName, drawing, layout);
      if (thenTakeTheirs) resolveConflict(editor, "theirs");
      toast.success(`Your version is saved as ${copyName}`, { action: { label: "Open", onClick: () => router.push(`/t/${id}`) }, duration: 15_000 });
    } catch (thrown) {
      toast.error(api.failureOf(thrown).message);
    }
    setBusy(false);
  };

  return (
    <section aria-label="Conflict" className="flex min-h-0 flex-1 flex-col">
      <header className="bg-warn-soft px-4 py-3">
        <h2 className="text-base font-semibold text-warn">Two people changed the same thing</h2>
        <p className="mt-1 text-xs">{`${conflict.author} saved first. All other changes of both sides are kept; decide about these.`}</p>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4">
        <Side title="Changed on both sides" lines={together.collisions.map(({ sentence }) => sentence)} />
        <Side title="Saved meanwhile" lines={words(conflict.theirs.document)} />
        <Side title="Yours, not saved yet" lines={words(document)} />
        {together.refused.length > 0 ? <Side title="Yours, and no longer possible" lines={together.refused} bad /> : null}
      </div>
      <footer className="flex flex-col gap-2 border-t border-line p-4">
        <Button look="primary" disabled={busy || together.commands.length === 0} onClick={() => resolveConflict(editor, "mine")}>Keep mine here</Button>
        <Button disabled={busy} onClick={() => resolveConflict(editor, "theirs")}>Take theirs here</Button>
        <Button disabled={busy} onClick={() => void saveCopy(true)}>Save mine as a copy</Button>
      </footer>
    </section>
  );
}

function Side({ title, lines, bad }: { readonly title: string; readonly lines: readonly string[]; readonly bad?: boolean }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title} className="mb-4">
      <h3 className="text-xs font-medium text-muted">{title}</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {lines.map((line) => <li key={line} className={`rounded-box px-2 py-1 text-sm ${bad ? "bg-bad-soft text-bad" : "bg-raised"}`}>{line}</li>)}
      </ul>
    </section>
  );
}
