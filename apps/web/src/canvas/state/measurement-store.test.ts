import { beforeEach, describe, expect, it } from "vitest";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Deployment, MeasuredFlows } from "@vpclab/shared/wire/live";
import type { PairQuestion } from "./editor-api";
import { createLiveStore } from "./live-store";
import type { LiveStore } from "./live-store";
import type { MeasurementStore } from "./measurement-store";
import { cancelMeasuring, createMeasurementStore, isMeasuring, measurePairs, pairKey } from "./measurement-store";

const pair = (at: number, port: number | null = null): PairQuestion => ({ source: { instanceId: `i-${at}` }, destination: { internet: true }, kind: port === null ? "ping" : "tcp", port });
const pairs = (count: number) => Array.from({ length: count }, (_, at) => pair(at));
class Limited extends Error {}

describe("measuring many pairs", () => {
  let live: LiveStore;
  let store: MeasurementStore;
  /** Sizes of the calls, and what each is answered with. */
  let calls: PairQuestion[][];
  let answer: (asked: readonly PairQuestion[]) => MeasuredFlows;
  let clock: number;
  const measure = (questions: readonly PairQuestion[]) => measurePairs(questions, {
    store, document: EMPTY_TOPOLOGY, now: () => clock,
    pause: (milliseconds) => ((clock += milliseconds), Promise.resolve()),
    api: {
      measure: async (asked) => (await Promise.resolve(), calls.push([...asked]), answer(asked)),
      failureOf: (thrown) => (thrown instanceof Limited ? { offline: false, message: "too many", retryAfterS: 7 } : { offline: false, message: String(thrown) }),
    },
  });
  beforeEach(() => {
    live = createLiveStore();
    store = createMeasurementStore(live);
    calls = [];
    clock = 1_000;
    answer = (asked) => ({ generation: 1, flows: asked.map(() => ({ outcome: "reached", expected: true })) });
  });

  it("asks in batches of one kind and port, and every pair has its answer", async () => {
    await measure([...pairs(300), pair(1, 80), pair(2, 443), pair(3, 80)]);
    expect(calls.map((asked) => asked.length)).toEqual([128, 128, 44, 2, 1]);
    expect(calls.every((asked) => new Set(asked.map(({ kind, port }) => `${kind} ${port}`)).size === 1)).toBe(true);
    expect(store.getState().results.size).toBe(303);
    expect(store.getState().run).toMatchObject({ done: 303, total: 303, cancelled: false, error: null, endedAt: 1_000 });
    expect(store.getState().underway.size).toBe(0);
  });

  it("keeps what was measured when it is cancelled, and asks no more", async () => {
    answer = (asked) => (cancelMeasuring(store), { generation: 1, flows: asked.map(() => ({ outcome: "timeout", expected: false })) });
    await measure(pairs(300));
    expect(calls).toHaveLength(1);
    expect(store.getState().run).toMatchObject({ done: 128, total: 300, cancelled: true, error: null });
    expect(store.getState().results.get(pairKey(pair(0)))?.outcome).toBe("timeout");
  });

  it("waits for the limit and goes on where it was", async () => {
    let refused = 0;
    const whole = answer;
    answer = (asked) => {
      if (calls.length === 2 && refused++ === 0) throw new Limited();
      return whole(asked);
    };
    await measure(pairs(300));
    expect(clock).toBe(8_000);
    expect(store.getState().run).toMatchObject({ done: 300, waitsUntil: null, error: null });
  });

  it("ends at any other refusal, and says why", async () => {
    answer = () => {
      throw new Error("the host is away");
    };
    await measure(pairs(300));
    expect(calls).toHaveLength(1);
    expect(store.getState().run?.error).toContain("the host is away");
    expect(isMeasuring(store.getState().run)).toBe(false);
  });

  it("runs once at a time", async () => {
    await Promise.all([measure(pairs(2)), measure(pairs(2))]);
    expect(calls).toHaveLength(1);
  });

  it("knows of every change of the kernel since", () => {
    const deployment = (change: Partial<Deployment>): void => live.setState(({ deployment: before }) => ({ deployment: { ...before, ...change } }));
    deployment({ state: "in-place", generation: 1 });
    const before = store.getState().kernel;
    deployment({ objects: {} });
    expect(store.getState().kernel).toBe(before);
    deployment({ state: "drifted" });
    deployment({ state: "in-place" });
    deployment({ generation: 2 });
    expect(store.getState().kernel).toBe(before + 3);
  });
});
