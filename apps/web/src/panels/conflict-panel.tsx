"use client";

import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { toast } from "sonner";
import { useEditor, useEditorState } from "../canvas/editor-context";
import { resolveConflict } from "../canvas/editor-store";
import { changesInWords, rebase } from "../canvas/rebase";
import { Button } from "../ui/button";

/** Somebody else saved first: both sides in words, and three ways on, none of which loses anything without saying so. */
export function ConflictPanel() {
  const { editor, api } = useEditor();
  const router = useRouter();
  const conflict = useEditorState((state) => state.conflict);
  const base = useEditorState((state) => state.stored.document);
  const document = useEditorState((state) => state.document);
  const unsaved = useEditorState((state) => state.unsaved);
  const [busy, setBusy] = useState(false);
  const theirs = useMemo(() => (conflict ? changesInWords(base, conflict.theirs.document) : []), [conflict, base]);
  const mine = useMemo(() => changesInWords(base, document), [base, document]);
  const together = useMemo(() => (conflict ? rebase(conflict.theirs.document, unsaved) : null), [conflict, unsaved]);
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
        <h2 className="text-base font-semibold text-warn">Two tabs changed this topology</h2>
        <p className="mt-1 text-xs">{`${conflict.author} saved first. Nothing of either side is lost; choose how to go on.`}</p>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4">
        <Side title="Saved meanwhile" lines={theirs} />
        <Side title="Yours, not saved yet" lines={mine} />
        {together.refused.length > 0 ? <Side title="Cannot be kept together" lines={together.refused} bad /> : null}
      </div>
      <footer className="flex flex-col gap-2 border-t border-line p-4">
        <Button look="primary" disabled={busy || together.commands.length === 0} onClick={() => resolveConflict(editor, "keep-both")}>
          {together.refused.length === 0 ? "Keep both" : `Keep both, except ${together.refused.length}`}
        </Button>
        <Button disabled={busy} onClick={() => void saveCopy(true)}>Save mine as a copy</Button>
        <Button look="danger" disabled={busy} onClick={() => resolveConflict(editor, "theirs")}>{`Take theirs, drop ${mine.length} of mine`}</Button>
      </footer>
    </section>
  );
}

function Side({ title, lines, bad }: { readonly title: string; readonly lines: readonly string[]; readonly bad?: boolean }) {
  return (
    <section aria-label={title} className="mb-4">
      <h3 className="text-xs font-medium text-muted">{title}</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {lines.length === 0 ? <li className="text-sm text-muted">nothing that matters to the network</li> : null}
        {lines.map((line) => <li key={line} className={`rounded-box px-2 py-1 text-sm ${bad ? "bg-bad-soft text-bad" : "bg-raised"}`}>{line}</li>)}
      </ul>
    </section>
  );
}
