import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SILENT_LOG } from "./agent-log";
import { Every } from "./every";

describe("a regular round", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const takes = (ms: number) => () => new Promise<void>((resolve) => void setTimeout(resolve, ms));

  /** When rounds begin within `ms`, in milliseconds from the start. */
  async function begun(every: (note: () => Promise<void>) => Every, roundMs: number, ms: number): Promise<number[]> {
    const startedAt = performance.now();
    const times: number[] = [];
    const work = takes(roundMs);
    const regular = every(() => (times.push(Math.round((performance.now() - startedAt) / 100) * 100), work()));
    regular.start();
    await vi.advanceTimersByTimeAsync(ms);
    await Promise.all([regular.stop(), vi.advanceTimersByTimeAsync(ms)]);
    return times;
  }

  it("keeps its time by the clock, and never overlaps", async () => {
    expect(await begun((work) => new Every(1000, work, SILENT_LOG), 200, 3500)).toEqual([1000, 2000, 3000]);
    expect(await begun((work) => new Every(1000, work, SILENT_LOG), 2500, 6500)).toEqual([1000, 3500, 6000]);
  });

  it("rests longer after longer work, and never longer than half a minute", async () => {
    expect(await begun((work) => new Every(1000, work, SILENT_LOG, { rest: 9 }), 500, 12_000)).toEqual([1000, 6000, 11_000]);
    expect(await begun((work) => new Every(1000, work, SILENT_LOG, { rest: 9 }), 10_000, 82_000)).toEqual([1000, 41_000, 81_000]);
  });
});
