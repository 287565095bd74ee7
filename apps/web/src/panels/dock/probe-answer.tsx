"use client";

import { agrees } from "@vpclab/shared/analysis/reachability";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import { Ban, CheckCircle2, TimerOff } from "lucide-react";
import { Disagreement } from "./disagreement";

export const OUTCOMES = {
  reached: { word: "Reached", icon: CheckCircle2, tone: "text-ok" },
  refused: { word: "Refused", icon: Ban, tone: "text-warn" },
  timeout: { word: "No answer", icon: TimerOff, tone: "text-text" },
} as const;

/** What the packet did, and in red where that is not what the drawing had promised. */
export function ProbeAnswer({ result }: { readonly result: ProbeResult }) {
  const { word, icon: Icon, tone } = OUTCOMES[result.outcome];
  const agree = agrees(result.expected, result.outcome);
  return (
    <section role="status" aria-label="Test result" data-outcome={result.outcome} data-agrees={agree} className="flex flex-col gap-2">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className={`flex items-center gap-2 text-base font-semibold ${agree ? tone : "text-bad"}`}><Icon className="size-4" aria-hidden />{word}</h3>
        {result.roundTripMs === null ? null : <span className="numeric text-sm">{`${result.roundTripMs.toFixed(2)} ms`}</span>}
        <span className="numeric text-xs text-muted">{`${result.source} → ${result.destination}`}</span>
      </header>
      <p className="text-sm">{result.sentence}</p>
      {agree
        ? <p className="flex items-center gap-2 rounded-box bg-ok-soft px-3 py-1.5 text-sm text-ok"><CheckCircle2 className="size-4 shrink-0" aria-hidden />As promised.</p>
        : <Disagreement result={result} />}
      {result.body ? <pre aria-label="Answer" className="numeric max-h-40 overflow-auto rounded-box border border-line bg-raised p-2 text-xs whitespace-pre-wrap">{result.body}</pre> : null}
    </section>
  );
}
