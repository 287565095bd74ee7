import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** One figure. `goal` is a bound such as `>= 10`, null where the figure is only there to compare with. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: string | null;
  readonly ok: boolean;
}

type Bound = readonly ["<=" | ">=", number];

export function result(name: string, value: number, unit: string, bound: Bound | null = null): Result {
  const rounded = Number(value.toPrecision(4));
  if (bound === null) return { name, value: rounded, unit, goal: null, ok: true };
  const [sign, limit] = bound;
  return { name, value: rounded, unit, goal: `${sign} ${limit}`, ok: sign === "<=" ? value <= limit : value >= limit };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("no values");
  return middle;
}

export function writeResults(results: readonly Result[]): string {
  const path = join(import.meta.dirname, "results.json");
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}

export function printResults(results: readonly Result[]): void {
  const rows = results.map((one) => [one.ok ? "✓" : "✗", one.name, `${one.value} ${one.unit}`, one.goal ?? ""]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  for (const [mark, name, value, goal] of rows) {
    console.log(`${mark} ${name?.padEnd(width(1))}  ${value?.padStart(width(2))}  ${goal}`);
  }
}
