"use client";

import type { Run } from "../../canvas/live-store";
import { formatElapsed, useElapsed } from "../../ui/use-elapsed";

/** How long the newest apply takes or took. */
export function RunBadge({ run }: { readonly run: Run }) {
  const elapsed = useElapsed(run.startedAt, run.endedAt);
  const tone = run.failure ? "bg-bad-soft text-bad" : run.endedAt === null ? "bg-busy-soft text-busy" : "bg-ok-soft text-ok";
  return <span className={`numeric rounded-full px-1.5 text-xs ${tone}`}>{formatElapsed(elapsed)}</span>;
}
