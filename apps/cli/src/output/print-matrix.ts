import type { Output } from "./output";
import { type Piece, styled, type Text } from "./text";

export interface PrintedPair {
  readonly source: string;
  readonly destination: string;
  readonly promised: boolean;
  /** null: not measured. */
  readonly outcome: "reached" | "refused" | "timeout" | null;
  readonly agrees: boolean | null;
}

/** Rows are sources, columns destinations by their row's number. */
export function printMatrix(pairs: readonly PrintedPair[], what: string, out: Output): void {
  const ends = [...new Set(pairs.flatMap(({ source, destination }) => [source, destination]))].sort(internetLast);
  if (ends.length < 2) {
    out.line("Nothing to compare: there are no instances.");
    return;
  }
  const cells = new Map(pairs.map((pair) => [`${pair.source}\0${pair.destination}`, cell(pair)]));
  const columns = [{ title: "#", align: "right" as const }, { title: `FROM, ${what}` }, ...ends.map((_, at) => ({ title: `→ ${at + 1}` }))];
  out.table(columns, ends.map((source, at): Text[] => [
    String(at + 1), source, ...ends.map((destination) => (source === destination ? styled("dim", "·") : cells.get(`${source}\0${destination}`) ?? "")),
  ]));
  const wrong = pairs.filter((pair) => pair.agrees === false);
  const measured = pairs.filter(({ outcome }) => outcome !== null).length;
  out.line();
  if (measured === 0) out.line("yes, no: what the drawing promises; nothing was measured.");
  else out.line(wrong.length === 0 ? `Measured ${measured} pairs; each does what the drawing promises.` : styled("red", `${wrong.length} of ${measured} pairs do not do what the drawing promises:`));
  if (measured > 0 && measured < pairs.length) out.line(`${pairs.length - measured} pairs cannot be measured on this host; of them stands here what the drawing promises.`);
  for (const { source, destination, promised, outcome } of wrong) out.line(`  ${source} → ${destination}: promised ${promised ? "yes" : "no"}, measured ${outcome}`);
}

function cell({ promised, outcome, agrees }: PrintedPair): Piece {
  const passes = outcome === null ? promised : outcome !== "timeout";
  if (agrees === false) return styled("red", `${passes ? "yes" : "no"}≠`);
  return passes ? styled("green", "yes") : styled("dim", "no");
}

const internetLast = (a: string, b: string): number => Number(a === "internet") - Number(b === "internet");
