import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HandshakePace } from "./handshake-pace";

describe("handshakes that come at once", () => {
  let pace: HandshakePace;
  let begun: string[];
  beforeEach(() => {
    vi.useFakeTimers();
    pace = new HandshakePace();
    begun = [];
  });
  afterEach(() => void vi.useRealTimers());
  const come = (userId: string, socket = new PassThrough()): PassThrough => {
    pace.wait(userId, socket, () => begun.push(userId));
    return socket;
  };

  it("begin one after the other, thirteen in a second, the first one at once", () => {
    for (let i = 0; i < 100; i += 1) come(`user${i}`);
    expect(begun).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(begun.length).toBeGreaterThanOrEqual(13);
    expect(begun.length).toBeLessThanOrEqual(14);
    vi.advanceTimersByTime(7_000);
    expect(begun).toHaveLength(100);
    vi.advanceTimersByTime(1_000);
    come("late");
    expect(begun.at(-1)).toBe("late");
  });

  it("of one who comes often delay nobody else, and are bounded", () => {
    for (let i = 0; i < 65; i += 1) come("often");
    expect(pace.wait("often", new PassThrough(), () => undefined)).toBe(false);
    come("other");
    vi.advanceTimersByTime(200);
    expect(begun.slice(0, 3)).toEqual(["often", "often", "other"]);
  });

  it("do not begin for those who have hung up, and those that wait are cut off at the end", () => {
    come("first");
    come("gone").destroy();
    const waits = come("waits");
    vi.advanceTimersByTime(100);
    expect(begun).toEqual(["first", "waits"]);
    const last = come("last");
    pace.close();
    expect([waits.destroyed, last.destroyed]).toEqual([false, true]);
    vi.advanceTimersByTime(1_000);
    expect(begun).toHaveLength(2);
  });
});
