import { describe, expect, it } from "vitest";
import type { Counters } from "@vpclab/shared/wire/live";
import { sparklinePath } from "./sparkline-path";
import { HISTORY_SECONDS, TrafficHistory } from "./traffic-history";

const counted = (rates: Record<string, number>): Counters => Object.fromEntries(Object.entries(rates).map(([id, rate]) =>
  [id, { rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0, rxBytesPerSecond: rate / 2, txBytesPerSecond: rate / 2, rxPacketsPerSecond: 0, txPacketsPerSecond: 0 }]));
const last = (history: TrafficHistory, id: string, count: number) => [...history.of(id)].slice(-count);

describe("the last minute of traffic", () => {
  it("has one sample a second, both directions together, and never more than a minute", () => {
    const history = new TrafficHistory();
    for (let second = 0; second < 200; second++) history.push(counted({ a: second }), second * 1000 + 5);
    expect(history.of("a")).toHaveLength(HISTORY_SECONDS);
    expect(last(history, "a", 3)).toEqual([197, 198, 199]);
    expect(history.of("a")[0]).toBe(140);
  });

  it("keeps the newer of two samples of one second, bridges a late one, and leaves a hole where nothing came", () => {
    const history = new TrafficHistory();
    history.push(counted({ a: 1 }), 1000);
    history.push(counted({ a: 2 }), 1900);
    expect(last(history, "a", 2)).toEqual([Number.NaN, 2]);
    history.push(counted({ a: 3 }), 3100);
    expect(last(history, "a", 3)).toEqual([2, 2, 3]);
    history.push(counted({ a: 4 }), 7000);
    expect(last(history, "a", 5)).toEqual([3, Number.NaN, Number.NaN, Number.NaN, 4]);
  });

  it("forgets what is no longer counted, so that it does not grow", () => {
    const history = new TrafficHistory();
    for (let turn = 0; turn < 1000; turn++) history.push(counted({ [`i-${turn}`]: 1, [`i-${turn + 1}`]: 1 }), turn * 1000);
    expect(history.size).toBe(2);
  });

  it("draws for those who watch, at once and with each sample, until they stop", () => {
    const history = new TrafficHistory();
    const seen: number[] = [];
    history.push(counted({ a: 7 }), 1000);
    const stop = history.watch("a", (samples) => seen.push(samples.at(-1)!));
    history.push(counted({ a: 8 }), 2000);
    stop();
    history.push(counted({ a: 9 }), 3000);
    expect(seen).toEqual([7, 8]);
  });
});

describe("the line", () => {
  const samples = (...values: number[]) => Float32Array.from(values);
  it("has its peak at the top and holes where nothing was counted", () => {
    expect(sparklinePath(samples(1000, 500, Number.NaN, 0))).toBe("M0 100L0 0L1 50L1 100ZM3 100L3 100L3 100Z");
  });
  it("is nothing where nothing passed, and low where little did", () => {
    expect(sparklinePath(samples(0, 0, Number.NaN))).toBe("");
    expect(sparklinePath(samples(20, 0))).toBe("M0 100L0 90L1 100L1 100Z");
  });
});
