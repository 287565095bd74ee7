import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { CellRelation } from "./matrix-cell-state";

/** Shapes say the same as colours. Drawn once and used by every cell. */
export function MatrixSigns() {
  const line = { fill: "none", stroke: "currentColor", strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round" } as const;
  return (
    <svg width="0" height="0" className="absolute" aria-hidden>
      <symbol id="matrix-yes" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5" fill="currentColor" /></symbol>
      <symbol id="matrix-no" viewBox="0 0 16 16"><circle cx="8" cy="8" r="4.5" {...line} /></symbol>
      <symbol id="matrix-reached" viewBox="0 0 16 16"><path d="M3 8.5 6.5 12 13 4.5" {...line} /></symbol>
      <symbol id="matrix-refused" viewBox="0 0 16 16"><path d="M12.5 12V9.5a3 3 0 0 0-3-3H3.5M6.5 3.5l-3 3 3 3" {...line} /></symbol>
      <symbol id="matrix-timeout" viewBox="0 0 16 16"><path d="m4 4 8 8m0-8-8 8" {...line} /></symbol>
      <symbol id="matrix-none" viewBox="0 0 16 16"><circle cx="8" cy="8" r="1.4" fill="currentColor" /></symbol>
      <symbol id="matrix-measuring" viewBox="0 0 16 16"><path d="M4 3h8M4 13h8M5 3c0 5 6 5 6 10M11 3c0 5-6 5-6 10" {...line} strokeWidth="1.5" /></symbol>
      <symbol id="matrix-impossible" viewBox="0 0 16 16"><path d="M4 8h8" {...line} /></symbol>
    </svg>
  );
}

export function Sign({ name }: { readonly name: string }) {
  return <svg className="size-3.5 shrink-0" aria-hidden><use href={`#matrix-${name}`} /></svg>;
}

export function measuredSign(relation: CellRelation, outcome: ProbeOutcome | null): string {
  if (relation === "measuring") return "measuring";
  if (relation === "impossible") return "impossible";
  return outcome ?? "none";
}
