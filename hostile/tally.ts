/** What went wrong, by kind, with the first examples of each. */
export const KINDS = ["outside grammar", "outside folders", "crashes", "foreign objects", "replays that ran", "forged jobs accepted"] as const;
export type Kind = (typeof KINDS)[number];

const EXAMPLES_MAX = 10;

export class Tally {
  readonly counts: Record<Kind, number> = { "outside grammar": 0, "outside folders": 0, "crashes": 0, "foreign objects": 0, "replays that ran": 0, "forged jobs accepted": 0 };
  readonly examples: string[] = [];
  /** What was looked at, by kind: a tally that looked at nothing says nothing. */
  readonly seen: Record<string, number> = {};

  fault(kind: Kind, what: string): void {
    this.counts[kind] += 1;
    if (this.counts[kind] <= EXAMPLES_MAX) this.examples.push(`${kind}: ${what}`);
  }

  saw(what: string, times = 1): void {
    this.seen[what] = (this.seen[what] ?? 0) + times;
  }

  get faults(): number {
    return KINDS.reduce((sum, kind) => sum + this.counts[kind], 0);
  }
}

/** The last line of a run. */
export const verdictLine = (jobs: number, { counts }: Tally): string =>
  `${jobs} jobs, ${counts["outside grammar"]} outside grammar, ${counts["outside folders"]} outside folders, ${counts.crashes} crashes`;
