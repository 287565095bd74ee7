import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FairTurns } from "./fair-turns";

describe("calls of one session", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Begins so many; `order`: which have begun, as long as none has ended. */
  function begin(turns: FairTurns, session: string, count: number) {
    const order: number[] = [];
    const ends: (() => void)[] = [];
    const refused: number[] = [];
    for (let i = 0; i < count; i++) {
      void turns.begin(session).then((end) => {
        if (!end) return refused.push(i);
        order.push(i);
        return ends.push(end);
      });
    }
    return { order, ends, refused };
  }
  const settled = () => vi.advanceTimersByTimeAsync(0);

  it("are worked on two at a time, in their order, and nobody else's wait for them", async () => {
    const turns = new FairTurns();
    const [mine, others] = [begin(turns, "mine", 5), begin(turns, "other", 2)];
    await settled();
    expect([mine.order, others.order]).toEqual([[0, 1], [0, 1]]);
    mine.ends[1]?.();
    mine.ends[1]?.();
    await settled();
    expect(mine.order).toEqual([0, 1, 2]);
    for (const end of [0, 2, 3, 4]) {
      mine.ends[end]?.();
      await settled();
    }
    expect(mine.order).toEqual([0, 1, 2, 3, 4]);
    const again = begin(turns, "mine", 3);
    await settled();
    expect(again.order).toEqual([0, 1]);
  });

  it("that take long keep none of them waiting for more than a second", async () => {
    const { order } = begin(new FairTurns(), "mine", 6);
    await vi.advanceTimersByTimeAsync(999);
    expect(order).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it("are refused when two hundred wait", async () => {
    const { order, refused } = begin(new FairTurns(), "mine", 204);
    await settled();
    expect([order, refused]).toEqual([[0, 1], [202, 203]]);
  });
});
