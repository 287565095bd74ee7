import { Sign } from "./matrix-signs";

const SIGNS: readonly (readonly [string, string])[] = [
  ["yes", "promised reachable"], ["no", "promised not"], ["reached", "reached"], ["refused", "arrived, nothing listens"], ["timeout", "no answer"],
  ["none", "not measured"], ["measuring", "being measured"],
];

/** What the signs of the cells mean. */
export function MatrixLegend() {
  return (
    <ul aria-label="Signs" className="sticky left-0 flex flex-wrap items-center gap-x-4 gap-y-1 px-2 py-2 text-xs text-muted">
      {SIGNS.map(([sign, words]) => <li key={sign} className="flex items-center gap-1"><Sign name={sign} />{words}</li>)}
      <li className="flex items-center gap-1"><span className="size-3.5 rounded-[3px] bg-bad-soft ring-2 ring-bad ring-inset" />not as promised</li>
      <li className="flex items-center gap-1"><span className="matrix-stale size-3.5 rounded-[3px] border border-line" />measured before the last change</li>
    </ul>
  );
}
