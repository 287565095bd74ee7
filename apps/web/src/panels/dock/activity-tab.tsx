"use client";

import type { ActivityFilter } from "@vpclab/shared/wire/api";
import { useState } from "react";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Segmented } from "../../ui/segmented";
import { failureOf } from "../call-failure";
import { ActivityRow } from "./activity-row";
import { useActivity } from "./use-activity";

const FILTERS = [{ value: "everything", label: "Everything" }, { value: "changes", label: "Changes" }, { value: "trouble", label: "Failed" }] as const;

/** Who did what, when, and what came of it; with the Linux commands behind each. */
export function ActivityTab() {
  const [filter, setFilter] = useState<ActivityFilter>("everything");
  const [opened, setOpened] = useState<string | null>(null);
  const { entries, error, older } = useActivity(filter);
  return (
    <section aria-label="Activity" className="flex h-full min-h-0 flex-col">
      <header className="flex shrink-0 items-center gap-3 border-b border-line px-3 py-1.5">
        <div className="w-72"><Segmented<ActivityFilter> label="Which entries" value={filter} options={FILTERS} onChange={setFilter} /></div>
        <p className="min-w-0 flex-1 truncate text-xs text-muted">Everything that was done, with the Linux commands behind it.</p>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {error ? <ErrorLine>{failureOf(error).message}</ErrorLine> : null}
        {entries?.length === 0 ? <p className="p-2 text-sm text-muted">{filter === "trouble" ? "Nothing has failed." : "Nothing was done yet. Apply the drawing: what the host did stands here then."}</p> : null}
        <ol aria-label="Entries">
          {(entries ?? []).map((entry) => (
            <ActivityRow key={entry.id} entry={entry} open={opened === entry.id} onToggle={() => setOpened((now) => (now === entry.id ? null : entry.id))} />
          ))}
        </ol>
        {older && (entries?.length ?? 0) > 0 ? <div className="flex justify-center p-2"><Button size="sm" look="quiet" onClick={older}>Show older ones</Button></div> : null}
      </div>
    </section>
  );
}
