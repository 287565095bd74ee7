import type { Counters } from "@vpclab/shared/wire/live";
import { beforeEach, describe, expect, it } from "vitest";
import { until } from "../testing/until";
import { EMPTY_DEPLOYMENT } from "./live-state";
import type { FeedEntry } from "./subscriber";
import { TopologyFeed } from "./topology-feed";

const state = { name: "lab", revision: 1, deployment: EMPTY_DEPLOYMENT, host: null, counters: {}, log: [] };
const revision = (n: number) => ({ type: "revision", revision: n, author: "admin", clientId: null }) as const;
const counters = (n: number): Counters => ({
  "i-00000001": { rxBytes: n, txBytes: 0, rxPackets: 0, txPackets: 0, rxBytesPerSecond: 0, txBytesPerSecond: 0, rxPacketsPerSecond: 0, txPacketsPerSecond: 0 },
});

describe("a topology's feed", () => {
  let feed: TopologyFeed;
  beforeEach(() => {
    feed = new TopologyFeed("boot", state);
  });

  /** A subscriber whose socket is as full as `lag` says. */
  function follow(lastEventId: string | null = null, lag = { bytes: 0 }) {
    const heard: FeedEntry[] = [];
    const stop = new AbortController();
    const ended = (async () => {
      for await (const entry of feed.subscribe(lastEventId, { signal: stop.signal, bufferedBytes: () => lag.bytes })) heard.push(entry);
    })();
    return { heard, lag, ended, stop: () => stop.abort(), types: () => heard.map(({ event }) => event.type) };
  }

  it("begins with a snapshot of now, then tells what happens", async () => {
    feed.publish(revision(2));
    const follower = follow();
    feed.publish(revision(3));
    await until(() => follower.heard.length === 2);
    expect(follower.heard).toMatchObject([{ id: "boot-1", event: { type: "snapshot", revision: 2 } }, { id: "boot-2", event: { revision: 3 } }]);
  });

  it("goes on exactly after the last event that was heard", async () => {
    for (let n = 2; n <= 9; n++) feed.publish(revision(n));
    const follower = follow("boot-3");
    feed.publish(revision(10));
    await until(() => follower.heard.length === 6);
    expect(follower.heard.map(({ id }) => id)).toEqual(["boot-4", "boot-5", "boot-6", "boot-7", "boot-8", "boot-9"]);
  });

  it("gives a snapshot for an id that it does not know: of another run, of the future, too old, or nonsense", async () => {
    for (let n = 0; n < 1_500; n++) feed.publish(revision(n));
    for (const id of ["other-3", "boot-1501", "boot-499", "boot-", "boot-1.5", "boot--1", "boot", ""]) {
      const follower = follow(id);
      await until(() => follower.heard.length > 0);
      expect([id, follower.types()]).toEqual([id, ["snapshot"]]);
      follower.stop();
    }
    const oldest = follow("boot-500");
    await until(() => oldest.heard.length === 1_000);
    expect(oldest.heard[0]?.id).toBe("boot-501");
  });

  it("keeps only the newest counters for a browser that lags, and every event", async () => {
    const slow = follow(null, { bytes: 0 });
    const fast = follow();
    await until(() => slow.heard.length === 1 && fast.heard.length === 1);
    slow.lag.bytes = 10_000_000;
    for (let n = 1; n <= 300; n++) {
      feed.publishCounters(n, counters(n));
      if (n % 100 === 0) feed.publish(revision(n));
      await until(() => fast.heard.at(-1)?.event.type === (n % 100 === 0 ? "counters" : "counters") && fast.heard.filter(({ event }) => event.type === "revision").length === Math.floor(n / 100));
    }
    slow.lag.bytes = 0;
    await until(() => slow.types().includes("counters"));
    expect(slow.types()).toEqual(["snapshot", "revision", "revision", "revision", "counters"]);
    expect(slow.heard.at(-1)?.event).toMatchObject({ at: 300 });
    expect(fast.types().filter((type) => type === "counters").length).toBeGreaterThan(3);
  });

  it("bounds what waits for a browser that is stuck: it gets a snapshot in place of the rest", async () => {
    const stuck = follow(null, { bytes: 0 });
    await until(() => stuck.heard.length === 1);
    stuck.lag.bytes = 10_000_000;
    for (let n = 2; n <= 5_000; n++) feed.publish(revision(n));
    stuck.lag.bytes = 0;
    await until(() => stuck.heard.length > 1);
    expect(stuck.heard).toMatchObject([{}, { id: "boot-4999", event: { type: "snapshot", revision: 5_000 } }]);
    feed.publish(revision(5_001));
    await until(() => stuck.heard.length === 3);
  });

  it("counters have the id of the last event, so that going on after them loses nothing", async () => {
    const follower = follow();
    feed.publish(revision(2));
    await until(() => follower.heard.length === 2);
    feed.publishCounters(1, counters(1));
    await until(() => follower.heard.length === 3);
    expect(follower.heard[2]?.id).toBe("boot-1");
  });

  it("ends when the topology is gone or the browser is", async () => {
    const [gone, left] = [follow(), follow()];
    await until(() => gone.heard.length === 1 && left.heard.length === 1);
    left.stop();
    await left.ended;
    feed.publish({ type: "removed" });
    await gone.ended;
    expect([gone.types(), left.types()]).toEqual([["snapshot", "removed"], ["snapshot"]]);
  });
});
