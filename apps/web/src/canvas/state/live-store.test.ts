import { describe, expect, it } from "vitest";
import type { Counter, Deployment } from "@vpclab/shared/wire/live";
import { createLiveStore, failRun, hear, startRun } from "./live-store";
import { plannedKinds, shownState } from "./object-state";

const deployment = (state: Deployment["state"], generation: number, objects: Deployment["objects"] = {}): Deployment => ({ state, revision: generation, generation, objects, publicAddresses: {} });
const counter = (rate: number): Counter => ({
  rxBytes: 1, txBytes: 1, rxPackets: 1, txPackets: 1, rxBytesPerSecond: rate, txBytesPerSecond: rate, rxPacketsPerSecond: 1, txPacketsPerSecond: 1,
});
const HOST = { id: "h", name: "host", state: "approved", version: "0.1.0", online: true, mode: "sandbox", kernel: "6.18", publicPool: true, lastSeenAt: null } as const;

describe("an apply", () => {
  it("is timed per object from the click to the host's report", () => {
    const live = createLiveStore();
    hear(live, { type: "deployment", deployment: deployment("empty", 0) }, 0);
    startRun(live, 1000);
    hear(live, { type: "objects", objects: { a: { state: "pending" }, b: { state: "pending" } } }, 1100);
    hear(live, { type: "objects", objects: { a: { state: "applying" } } }, 1200);
    hear(live, { type: "objects", objects: { a: { state: "in-place" } } }, 1300);
    expect(live.getState().run?.objects).toMatchObject({ a: { state: "in-place", startedAt: 1200, endedAt: 1300 }, b: { state: "pending", endedAt: null } });
    hear(live, { type: "deployment", deployment: deployment("failed", 1, { a: { state: "in-place" }, b: { state: "failed", reason: "no" } }) }, 1500);
    expect(live.getState().run).toMatchObject({ endedAt: 1500, objects: { b: { state: "failed", endedAt: 1500 } } });
  });

  it("does not end with a report from before it", () => {
    const live = createLiveStore();
    hear(live, { type: "deployment", deployment: deployment("in-place", 4) }, 0);
    startRun(live, 10);
    hear(live, { type: "deployment", deployment: deployment("in-place", 4) }, 11);
    expect(live.getState().run?.endedAt).toBeNull();
    hear(live, { type: "deployment", deployment: deployment("in-place", 5) }, 12);
    expect(live.getState().run?.endedAt).toBe(12);
  });

  it("ends with the reason when the server refuses it", () => {
    const live = createLiveStore();
    startRun(live, 10);
    failRun(live, { code: "HOST_OFFLINE", message: "The host is offline." }, 20);
    expect(live.getState().run).toMatchObject({ endedAt: 20, failure: { message: "The host is offline." } });
  });

  it("knows when its host was lost in the middle of it, and not when it was away before", () => {
    const live = createLiveStore();
    const lost = () => live.getState().run?.lostAt;
    hear(live, { type: "host", host: { ...HOST, online: false } }, 0);
    startRun(live, 10);
    hear(live, { type: "host", host: { ...HOST, online: false } }, 11);
    expect(lost()).toBeNull();
    hear(live, { type: "host", host: HOST }, 12);
    hear(live, { type: "host", host: { ...HOST, online: false } }, 13);
    hear(live, { type: "host", host: { ...HOST, online: false } }, 14);
    expect(lost()).toBe(13);
    hear(live, { type: "host", host: HOST }, 15);
    expect(lost()).toBeNull();
    hear(live, { type: "deployment", deployment: deployment("in-place", 1) }, 16);
    hear(live, { type: "host", host: { ...HOST, online: false } }, 17);
    expect(lost()).toBeNull();
  });

  it("that was cancelled ends with what is undone", () => {
    const live = createLiveStore();
    startRun(live, 10);
    hear(live, { type: "objects", objects: { a: { state: "pending" }, b: { state: "applying" } } }, 11);
    const failure = { code: "CANCELLED", message: "Cancelled by ann: 2 of 2 objects are not as drawn." } as const;
    hear(live, { type: "deployment", deployment: deployment("stopped", 1, { a: { state: "pending" }, b: { state: "pending" } }), failure }, 20);
    expect(live.getState().run).toMatchObject({ endedAt: 20, failure, objects: { a: { state: "pending" }, b: { state: "pending" } } });
  });

  it("that another tab started is shown too", () => {
    const live = createLiveStore();
    hear(live, { type: "deployment", deployment: deployment("applying", 2) }, 5);
    expect(live.getState().run).toMatchObject({ startedAt: 5, endedAt: null });
  });
});

describe("counters", () => {
  it("of what is gone, or of a host that is away, are no longer shown", () => {
    const live = createLiveStore();
    hear(live, { type: "host", host: HOST }, 0);
    hear(live, { type: "counters", at: 1, counters: { a: counter(5), b: counter(6) } }, 1);
    hear(live, { type: "deployment", deployment: deployment("in-place", 1, { a: { state: "in-place" } }) }, 2);
    expect(Object.keys(live.getState().counters)).toEqual(["a"]);
    hear(live, { type: "host", host: { ...HOST, online: false } }, 3);
    expect(live.getState().counters).toEqual({});
  });
});

describe("the state that is shown", () => {
  const kinds = plannedKinds()({ changes: [{ objectId: "a", kind: "change", name: "a", sentence: "", commands: [] }], steps: 1, basis: "observed" });

  it("is in place only when an apply would not touch it", () => {
    expect(shownState({ state: "in-place" }, kinds.get("b")).state).toBe("in-place");
    expect(shownState({ state: "in-place" }, kinds.get("a")).state).toBe("pending");
    expect(shownState(undefined, undefined).state).toBe("absent");
  });

  it("never hides a failure or a drift behind the plan", () => {
    expect(shownState({ state: "failed", reason: "no" }, kinds.get("a"))).toEqual({ state: "failed", reason: "no" });
    expect(shownState({ state: "drifted", reason: "route gone" }, kinds.get("a"))).toEqual({ state: "drifted", reason: "route gone" });
  });
});
