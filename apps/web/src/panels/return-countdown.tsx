"use client";

import { Undo2 } from "lucide-react";
import { useLive } from "../canvas/state/editor-context";
import { useElapsed } from "../ui/use-elapsed";

/** The host went away in the middle of an apply: when it goes back by itself, if nothing is heard of it until then. */
export function ReturnCountdown() {
  const run = useLive((live) => live.run);
  const seconds = useLive((live) => live.safe?.seconds ?? 0);
  const revision = useLive((live) => live.deployment.revision);
  const lostAt = run && run.endedAt === null ? run.lostAt : null;
  const elapsed = useElapsed(lostAt, null);
  if (lostAt === null || seconds === 0) return null;
  const left = Math.ceil(seconds - elapsed / 1000);
  const before = revision === 0 ? "how it was before the first apply" : `revision ${revision}`;
  return (
    <div role="status" className="flex items-center gap-3 border-b border-line bg-warn-soft px-4 py-2 text-sm text-warn">
      <Undo2 aria-hidden className="size-4 shrink-0" />
      <span className="flex-1">
        {left > 0 ? <>The host has not reported back since this apply. Unless it does, it returns to {before} by itself in about <span className="numeric">{left}</span> s.</>
          : <>The host has not reported back. It has returned to {before} by now, if it runs; that shows when it is connected again.</>}
      </span>
    </div>
  );
}
