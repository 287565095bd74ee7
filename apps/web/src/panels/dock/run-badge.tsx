"use client";

import { CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import type { Run } from "../../canvas/state/live-store";
import { formatElapsed, useElapsed } from "../../ui/use-elapsed";

/** How long the newest apply takes or took. */
export function RunBadge({ run }: { readonly run: Run }) {
  const elapsed = useElapsed(run.startedAt, run.endedAt);
  const Sign = run.failure ? CircleX : run.endedAt === null ? LoaderCircle : CircleCheck;
  const tone = run.failure ? "bg-bad-soft text-bad" : run.endedAt === null ? "bg-busy-soft text-busy" : "bg-ok-soft text-ok";
  return <span className={`numeric inline-flex items-center gap-1 rounded-full px-1.5 text-xs ${tone}`}><Sign className="size-3 shrink-0" aria-label={run.failure ? "failed" : run.endedAt === null ? "running" : "done"} />{formatElapsed(elapsed)}</span>;
}
