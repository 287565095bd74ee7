"use client";

import type { ObjectState } from "@vpclab/shared/wire/live";
import type { Progress, Run } from "../../canvas/state/live-store";
import { useEditor, useLive, useScene } from "../../canvas/state/editor-context";
import { countOf } from "../../canvas/scene/object-counts";
import { objectName } from "../../canvas/scene/object-name";
import { select } from "../../canvas/state/editor-store";
import { StateMark } from "../../ui/state-mark";
import { STATE_WORDS } from "../../ui/state-words";
import { formatElapsed, useElapsed } from "../../ui/use-elapsed";
import { useLooksOnly } from "../people/use-looks-only";
import { CancelButton } from "./cancel-button";

/** What went wrong, then what is being worked on, then what waits; what is done last. */
const ORDER: readonly ObjectState[] = ["failed", "applying", "pending", "drifted", "in-place", "absent"];

/** One apply: how far it is, and every object it touches with its own time. */
export function RunProgress({ run }: { readonly run: Run }) {
  const { index } = useScene();
  const statuses = useLive((live) => live.deployment.objects);
  const elapsed = useElapsed(run.startedAt, run.endedAt);
  const looksOnly = useLooksOnly();
  const rows = Object.entries(run.objects);
  const done = rows.filter(([, { endedAt }]) => endedAt !== null).length;
  const failed = rows.filter(([, { state }]) => state === "failed").length;
  const words = run.failure ? run.failure.message
    : run.endedAt === null ? (rows.length === 0 ? "Waiting for the host" : `${done} of ${countOf(rows.length, "object")}`)
    : failed > 0 ? `${failed} of ${countOf(rows.length, "object")} failed` : rows.length === 0 ? "Nothing had to change" : `${countOf(rows.length, "object")} done`;
  return (
    <section aria-label="Progress" className="flex w-96 shrink-0 flex-col border-r border-line">
      <header className="flex items-center gap-3 border-b border-line px-3 py-2 text-sm">
        <span className={`min-w-0 flex-1 ${run.failure || failed > 0 ? "text-bad" : ""}`}>{words}</span>
        <span className="numeric text-xs text-muted">{formatElapsed(elapsed)}</span>
        {run.endedAt === null && !looksOnly ? <CancelButton key={run.startedAt} /> : null}
      </header>
      <div role="progressbar" aria-label="Apply" aria-valuemin={0} aria-valuemax={rows.length} aria-valuenow={done} className="h-1 bg-raised">
        <div className={`h-full transition-[width] duration-150 ${failed > 0 || run.failure ? "bg-bad" : run.endedAt ? "bg-ok" : "bg-busy"}`} style={{ width: `${rows.length === 0 ? (run.endedAt ? 100 : 4) : (100 * done) / rows.length}%` }} />
      </div>
      <ul className="min-h-0 flex-1 overflow-y-auto p-1">
        {rows.sort(([, a], [, b]) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)).map(([id, progress]) => (
          <ProgressRow key={id} id={id} name={objectName(index, id) ?? id} progress={{ ...progress, endedAt: progress.endedAt ?? run.endedAt }} reason={statuses[id]?.reason} />
        ))}
      </ul>
    </section>
  );
}

interface ProgressRowProps {
  readonly id: string;
  readonly name: string;
  readonly progress: Progress;
  readonly reason: string | undefined;
}

function ProgressRow({ id, name, progress, reason }: ProgressRowProps) {
  const { editor } = useEditor();
  const elapsed = useElapsed(progress.startedAt, progress.endedAt);
  return (
    <li>
      <button type="button" onClick={() => select(editor, [id])} className="flex w-full items-center gap-2 rounded-box px-2 py-1 text-left text-sm hover:bg-raised">
        <StateMark state={progress.state} />
        <span className="min-w-0 flex-1 truncate">
          {name}
          {reason ? <span className={`ml-2 text-xs ${progress.state === "failed" ? "text-bad" : "text-muted"}`}>{reason}</span> : null}
        </span>
        <span className="text-xs text-muted">{STATE_WORDS[progress.state]}</span>
        <span className="numeric w-14 text-right text-xs text-muted">{progress.startedAt === null ? "" : formatElapsed(elapsed)}</span>
      </button>
    </li>
  );
}
