import { describe, expect, it } from "vitest";
import { formatAgo } from "./format-ago";
import { formatByteRate, formatBytes, formatCount, formatPacketRate, loadLevel } from "./format-rate";
import { formatElapsed } from "./use-elapsed";

describe("figures keep their width", () => {
  it.each([
    [0, "0 B"], [999, "999 B"], [999.6, "1.00 kB"], [1240, "1.24 kB"], [12_400, "12.4 kB"], [99_960, "100 kB"], [980_000_000, "980 MB"], [5e15, "5000 TB"],
  ])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it("no rate is longer than nine characters up to a terabyte per second", () => {
    for (let rate = 0; rate < 9e11; rate = rate * 3 + 1.7) {
      expect(formatByteRate(rate).length).toBeLessThanOrEqual(9);
      if (rate < 9e8) expect(formatPacketRate(rate).length).toBeLessThanOrEqual(9);
    }
  });

  it.each([[0, "0"], [999, "999"], [1_240, "1.2k"], [99_960, "100k"], [3.4e6, "3.4M"], [7e9, "7.0G"]])("%d packets are %s", (count, text) => expect(formatCount(count)).toBe(text));

  it("load has five levels and silence is the lowest", () => {
    expect([0, 10, 5e3, 5e5, 5e8].map(loadLevel)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("times", () => {
  it("are told as a person would", () => {
    expect([5e3, 90e3, 3 * 3600e3, 50 * 3600e3].map((ms) => formatAgo(0, ms))).toEqual(["just now", "1 minute ago", "3 hours ago", "2 days ago"]);
    expect([432, 12_300, 125_000].map(formatElapsed)).toEqual(["0.4 s", "12.3 s", "2 min 05 s"]);
  });
});
