import type { HostileJobs } from "./hostile-jobs";
import type { Tally } from "./tally";
import type { Target } from "./target";

export interface AttackOptions {
  readonly jobs: HostileJobs;
  readonly count: number;
  /** Starts the agent on what an earlier one has left. */
  readonly open: () => Promise<Target>;
  readonly tally: Tally;
  /** Looked at between jobs, and at the end: whether what is others' is as it was. */
  readonly check: () => void | Promise<void>;
  readonly lookEvery: number;
  readonly progress?: (done: number) => void;
}

const RECONNECT_EVERY = 300;
const RESTART_EVERY = 5_000;
/** Jobs that may be accepted before the one before them is done. */
const AT_ONCE_MAX = 3;

/** Sends hostile jobs, over connections and lives of the agent. Answers with how often each outcome was. */
export async function attack({ jobs, count, open, tally, check, lookEvery, progress }: AttackOptions): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  let target = await open();
  let waiting = 0;
  for (let number = 1; number <= count; number += 1) {
    const { what, frame, mustNotRun } = jobs.next(target);
    const { outcome } = await target.receive(frame);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    tally.saw(`sent: ${what}`);
    if (outcome === "accepted") tally.saw(`accepted: ${what}`);
    if (outcome === "accepted" && mustNotRun) tally.fault("replays that ran", what);
    if (outcome === "accepted" && (waiting += 1) >= AT_ONCE_MAX) {
      await target.settled();
      waiting = 0;
    }
    if (number % RECONNECT_EVERY === 0) target.reconnect();
    if (number % RESTART_EVERY === 0) {
      await target.stop();
      target = await open();
    }
    if (number % lookEvery === 0) {
      await target.settled();
      await check();
      progress?.(number);
    }
  }
  await target.settled();
  await check();
  await target.stop();
  return outcomes;
}
