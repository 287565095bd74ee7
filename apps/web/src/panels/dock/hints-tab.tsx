"use client";

import { HintRow } from "../hint-row";
import { useHints } from "../use-hints";

/** All hints about the topology, with what mends them. */
export function HintsTab() {
  const hints = useHints();
  if (hints.length === 0) return <p className="p-4 text-sm text-muted">No hints: every rule, route and gateway that is drawn does something.</p>;
  return (
    <ul aria-label="All hints" className="flex flex-col gap-1.5 p-3">
      {hints.map((hint) => <HintRow key={`${hint.code} ${hint.path.join("/")}`} hint={hint} place />)}
    </ul>
  );
}
