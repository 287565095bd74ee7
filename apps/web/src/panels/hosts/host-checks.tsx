"use client";

import type { HostChecks as Checks } from "@vpclab/shared/wire/host-report";
import { useState } from "react";
import { Button } from "../../ui/button";
import { formatAgo } from "../../ui/format-ago";
import { StateMark } from "../../ui/state-mark";
import { TriangleAlert } from "lucide-react";

interface HostChecksProps {
  /** Null: the host has not said it yet. */
  readonly found: Checks | null;
  /** Has the host look again; null: it is away. */
  readonly onLook: (() => Promise<void>) | null;
  /** By the server's clock, milliseconds. */
  readonly now: number;
}

/** What the agent needs of its system and what it found, as `doctor` says it; open by itself where something is missing. */
export function HostChecks({ found, now, onLook }: HostChecksProps) {
  const [isLooking, setIsLooking] = useState(false);
  const look = async (ask: () => Promise<void>) => {
    setIsLooking(true);
    await ask();
    setIsLooking(false);
  };
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 flex-1">{found ? <Rows found={found} now={now} /> : <p className="text-sm text-muted">Its capabilities are not known yet.</p>}</div>
      {onLook ? <Button size="sm" disabled={isLooking} onClick={() => void look(onLook)}>{isLooking ? "Checking" : "Check again"}</Button> : null}
    </div>
  );
}

function Rows({ found: { at, checks }, now }: { readonly found: Checks; readonly now: number }) {
  const missing = checks.filter(({ ok }) => !ok).length;
  return (
    <details open={missing > 0} className="text-sm">
      <summary className="cursor-pointer text-muted">
        Capabilities: {missing === 0 ? `all ${checks.length} present` : <strong className="text-bad">{missing} of {checks.length} missing</strong>}
        {`, looked at ${formatAgo(at, now)}`}
      </summary>
      <ul aria-label="Capabilities" className="mt-2 grid gap-x-6 gap-y-1 sm:grid-cols-2">
        {checks.map(({ name, ok, found, advice }) => (
          <li key={name} className="min-w-0">
            <span className="flex items-baseline gap-2">
              {ok && advice !== null ? <TriangleAlert aria-label="hint" className="size-3 shrink-0 self-center text-warn" /> : <StateMark state={ok ? "in-place" : "failed"} size={10} />}
              <span className="shrink-0">{name}</span>
              <span className="numeric min-w-0 text-xs text-muted">{found}</span>
            </span>
            {advice === null ? null : <p className="pl-5 text-xs text-muted">{advice}</p>}
          </li>
        ))}
      </ul>
    </details>
  );
}
