"use client";

import { useHints } from "../use-hints";

/** How many hints there are, on the tab; nothing where there are none. */
export function HintCount() {
  const { length } = useHints();
  return length === 0 ? null : <span aria-label={length === 1 ? "1 hint" : `${length} hints`} className="numeric rounded-full bg-warn-soft px-1.5 text-xs text-warn">{length}</span>;
}
