"use client";

import { agrees } from "@vpclab/shared/analysis/reachability";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import { ArrowRight, Ban, CheckCircle2, CircleAlert, TimerOff } from "lucide-react";
import { Fragment } from "react";

const OUTCOMES = {
  reached: { word: "Reached", icon: CheckCircle2, tone: "text-ok" },
  refused: { word: "Refused", icon: Ban, tone: "text-warn" },
  timeout: { word: "No answer", icon: TimerOff, tone: "text-text" },
} as const;

/** What the packet did, what the drawing had promised, and in red where the two disagree. */
export function ProbeAnswer({ result }: { readonly result: ProbeResult }) {
  const { word, icon: Icon, tone } = OUTCOMES[result.outcome];
  const agree = agrees(result.expected, result.outcome);
  return (
    <section role="status" aria-label="Test result" data-outcome={result.outcome} className="flex flex-col gap-3">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className={`flex items-center gap-2 text-lg font-semibold ${agree ? tone : "text-bad"}`}><Icon className="size-5" aria-hidden />{word}</span>
        {result.roundTripMs === null ? null : <span className="numeric text-sm">{`${result.roundTripMs.toFixed(2)} ms`}</span>}
        <span className="numeric text-xs text-muted">{`${result.source} → ${result.destination}`}</span>
      </header>
      <p className="text-sm">{result.sentence}</p>
      <ol aria-label="Path" className="flex flex-wrap items-center gap-1.5 text-xs">
        {result.path.map((hop, at) => (
          <Fragment key={`${hop.label}${at}`}>
            {at > 0 ? <ArrowRight className="size-3.5 text-muted" aria-hidden /> : null}
            <li className="rounded-full border border-line bg-raised px-2 py-0.5">{hop.label}</li>
          </Fragment>
        ))}
        {result.outcome === "timeout" ? <li className="text-muted">ends here</li> : null}
      </ol>
      <div className={`rounded-box px-3 py-2 text-sm ${agree ? "bg-raised" : "bg-bad-soft text-bad"}`}>
        <p className="flex items-center gap-2">
          {agree ? <CheckCircle2 className="size-4 text-ok" aria-hidden /> : <CircleAlert className="size-4" aria-hidden />}
          <span>{`Expected: ${result.expected.reachable ? "reachable" : "not reachable"}. Measured: ${word.toLowerCase()}.`}{agree ? "" : " The two disagree: the drawing may not be applied yet."}</span>
        </p>
        <p className="mt-1 text-xs">{result.expected.why}</p>
      </div>
      {result.body ? <pre aria-label="Answer" className="numeric max-h-40 overflow-auto rounded-box border border-line bg-raised p-2 text-xs whitespace-pre-wrap">{result.body}</pre> : null}
    </section>
  );
}
