import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enrolledStateDir, RecordingLog } from "../../test/link/agent-fixture";
import { FakeServer } from "../../test/link/fake-server";
import type { RingLimits } from "./event-ring";
import { EventRing, RING_LIMITS } from "./event-ring";
import type { OutgoingMessage } from "./outgoing-message";
import { JoinSequence } from "../state/join-sequence";
import { ServerTrust } from "../state/server-trust";
import { ServerLink } from "./server-link";

const LIMITS: RingLimits = { eventsMax: 10, bytesMax: 1000, windowMax: 4 };

describe("events that wait for the server", () => {
  const sentBy = (ring: EventRing): unknown[] => {
    const frames: unknown[] = [];
    for (let frame = ring.next(); frame; frame = ring.next()) frames.push(JSON.parse(frame.text));
    return frames;
  };
  const seqsOf = (ring: EventRing): unknown[] => sentBy(ring).map((frame) => (frame as { seq: number }).seq);
  const filled = (count: number): EventRing => {
    const ring = new EventRing(LIMITS);
    for (let n = 1; n <= count; n++) ring.push(String(n));
    return ring;
  };

  it("go out in order, a few at a time, and again on a new connection until they are acknowledged", () => {
    const ring = filled(6);
    expect(seqsOf(ring)).toEqual([1, 2, 3, 4]);
    ring.acknowledge(ring.stream, 2);
    expect(seqsOf(ring)).toEqual([5, 6]);
    ring.rewind();
    expect(seqsOf(ring)).toEqual([3, 4, 5, 6]);
    ring.acknowledge(ring.stream, 6);
    expect(ring.awaits).toBe(false);
    ring.rewind();
    expect(sentBy(ring)).toEqual([]);
  });

  it("are not forgotten for an acknowledgement of another stream, of the future, or of the past", () => {
    const ring = filled(3);
    sentBy(ring);
    ring.acknowledge("another", 3);
    ring.acknowledge(ring.stream, 4);
    ring.acknowledge(ring.stream, 0);
    ring.rewind();
    expect(seqsOf(ring)).toEqual([1, 2, 3]);
  });

  it("name what had to go when there was no room, once", () => {
    const ring = filled(25);
    expect(sentBy(ring)).toEqual([{ type: "gap", stream: ring.stream, acked: 0, from: 1, to: 15 }]);
    ring.acknowledge(ring.stream, 15);
    expect(sentBy(ring)).toMatchObject([16, 17, 18, 19].map((seq) => ({ type: "event", seq, acked: 15, event: seq })));
    ring.rewind();
    expect(seqsOf(ring)).toEqual([16, 17, 18, 19]);
  });

  it("cost no more memory than their limit, however many there are", () => {
    const ring = new EventRing();
    const line = JSON.stringify({ type: "log", topologyId: null, line: { at: 1, level: "info", text: "x".repeat(100) } });
    for (let n = 0; n < 10_000; n++) ring.push(line);
    global.gc?.();
    const before = process.memoryUsage().rss;
    const startedAt = performance.now();
    for (let n = 0; n < 1_000_000; n++) ring.push(`${line.slice(0, -3)}${n}"}}`);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
    // 100,000 a second, and far more.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const [gap] = sentBy(ring);
    expect(gap).toMatchObject({ type: "gap", from: 1, to: 1_010_000 - RING_LIMITS.eventsMax });
  });
});

describe("events on the link", () => {
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let server: FakeServer;
  let link: ServerLink;
  beforeEach(async () => {
    home = await enrolledStateDir();
    server = await FakeServer.listen(() => home.identity.agentKey);
  });
  afterEach(async () => {
    link.stop();
    await server.close();
    await home.remove();
  });

  const dial = async (ringLimits = RING_LIMITS, silenceMaxMs = 30_000): Promise<void> => {
    link = new ServerLink({
      socketUrl: server.url, log: new RecordingLog(),
      self: { trust: new ServerTrust(home.stateDir, home.identity), facts: { mode: "sandbox", kernel: "6.18.0", version: "0.1.0", publicPool: true }, join: await JoinSequence.open(home.stateDir) },
      greeting: () => [{ type: "inventory", topologies: [] }], receive: (_envelope, _session, lastSeq) => Promise.resolve(lastSeq),
      delays: { firstMs: 20, ceilingMs: 100 }, ringLimits, timing: { handshakeMs: 10_000, pingEveryMs: 50, silenceMaxMs },
    });
    link.start();
    await server.until(() => server.ofType("inventory").length === 1);
  };
  const line = (text: string): OutgoingMessage => ({ type: "log", topologyId: null, line: { at: 1, level: "info", text } });
  const texts = (): string[] => server.ofType("log").map((message) => message.line.text);

  it("are told after a cut, each in its turn, before what is here is told", async () => {
    await dial();
    server.cut();
    await server.until(() => !link.ready);
    for (let n = 1; n <= 5; n++) link.send(line(`while away ${n}`));
    await server.until(() => server.ofType("inventory").length === 2);
    expect(texts()).toEqual([1, 2, 3, 4, 5].map((n) => `while away ${n}`));
    expect(server.messages.at(-1)?.type).toBe("inventory");
  });

  it("come again with the same numbers when the server had no time to acknowledge them", async () => {
    await dial();
    await server.until(() => server.seqs.length === 1);
    server.acknowledges = false;
    link.send(line("unanswered"));
    await server.until(() => texts().length === 1);
    server.cut();
    await server.until(() => texts().length === 2);
    expect(server.seqs.filter((seq) => seq === 2).length).toBe(2);
  });

  it("make the agent hang up on a server that hears and never acknowledges", async () => {
    server.acknowledges = false;
    await dial(RING_LIMITS, 300);
    await server.until(() => server.connections > 1);
  });

  it("that are gone are named, and what is here is told after them", async () => {
    await dial({ ...LIMITS, bytesMax: 100_000 });
    server.cut();
    await server.until(() => !link.ready);
    for (let n = 1; n <= 40; n++) link.send(line(`event ${n}`));
    await server.until(() => server.gaps.length === 1 && server.messages.at(-1)?.type === "inventory" && texts().includes("event 40"));
    const [gap] = server.gaps;
    expect(gap?.to).toBeGreaterThan(30);
    expect(texts().at(-1)).toBe("event 40");
  });
});
