import { setInterval as every } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Counters, LiveEvent } from "@vpclab/shared/wire/live";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { enrol, FakeAgent } from "./testing/fake-agent";
import { invite } from "./testing/people";
import { openSocket } from "./testing/raw-socket";
import { standardDatabase } from "./testing/test-database";
import { clientFor, startTestServer } from "./testing/test-server";
import type { TestServer } from "./testing/test-server";
import { until } from "./testing/until";

const MIB = 1024 * 1024;
const READERS = 9;
/** All that one page may have: of one alone, what 15 s bring would be 5 MiB, too little to tell whether somebody keeps it. */
const SUBSCRIPTIONS = 20;
const TURN_MS = 100;
const WARM_UP_TURNS = 50;
const STALLED_TURNS = 150;
/** So that more comes about in 15 s than is kept for one subscriber. */
const LINES_PER_TURN = 10;

const COUNTERS: Counters = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [
  `i-${i.toString(16).padStart(8, "0")}`,
  { rxBytes: 1_234_567_890 + i, txBytes: 987_654_321, rxPackets: 1_234_567, txPackets: 7_654_321, rxBytesPerSecond: 12_345.6, txBytesPerSecond: 6_543.2, rxPacketsPerSecond: 123.4, txPacketsPerSecond: 43.2 },
]));

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
/** The server and all its clients: they are one process here, so that the bound holds for more than the server. */
function residentBytes(): number {
  collectGarbage();
  return process.memoryUsage().rss;
}

const percentile95 = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Infinity;
const numberOf = (text: string): number => Number(/^line (\d+)$/.exec(text)?.[1]);

describe("a browser that takes nothing from its socket", () => {
  let server: TestServer;
  let agent: FakeAgent;
  let id: string;
  let cookies: readonly string[];
  const said = { lines: 0, countersAt: 0 };
  const closers: (() => Promise<void> | void)[] = [];
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    const client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    ({ id } = await client.topology.create.mutate({ name: "counted", template: "empty" }));
    const ben = await invite(server, client, "ben", "admin");
    closers.push(() => ben.close());
    // One person may have eight sockets.
    cookies = [await server.signIn(), ben.cookie];
  });
  afterAll(async () => {
    for (const close of closers) await close();
    agent.cut();
    await server.close();
  });

  /** A page that reads: the numbers of the lines it heard, and how late each event of the agent came, in ms. */
  function reader(cookie: string) {
    const heard = { lines: [] as number[], delays: [] as number[], countersAt: 0, snapshots: 0 };
    const { client, close } = clientFor(server.origin, { cookie, origin: server.origin });
    const note = (event: LiveEvent): void => {
      if (event.type === "snapshot") heard.snapshots += 1;
      if (event.type === "log") heard.lines.push(numberOf(event.line.text));
      if (event.type === "counters") heard.countersAt = event.at;
      const at = event.type === "log" ? event.line.at : event.type === "counters" ? event.at : null;
      if (at !== null) heard.delays.push(Date.now() - at);
    };
    const subscription = client.live.topology.subscribe({ id }, { onData: ({ data }) => note(data) });
    closers.push(() => subscription.unsubscribe(), close);
    return heard;
  }

  /** A page of which each subscription's snapshots are counted, and the newest line that it knows. */
  async function stallingPage(cookie: string) {
    const heard = Array.from({ length: SUBSCRIPTIONS }, () => ({ snapshots: 0, newest: 0 }));
    const socket: WebSocket = await openSocket(`ws://127.0.0.1:${server.port}/api/ws`, { cookie, origin: server.origin });
    socket.on("message", (bytes: Buffer) => {
      if (bytes.toString() === "PING") return socket.send("PONG");
      const { id: of, result } = JSON.parse(bytes.toString()) as { id: number; result?: { type: string; data: { data: LiveEvent } } };
      const subscription = heard[of];
      if (!subscription || result?.type !== "data") return;
      const event = result.data.data;
      if (event.type === "snapshot") subscription.snapshots += 1;
      const line = event.type === "snapshot" ? event.log.at(-1) : event.type === "log" ? event.line : undefined;
      if (line) subscription.newest = numberOf(line.text);
    });
    heard.forEach((_, number) => socket.send(JSON.stringify({ id: number, method: "subscription", params: { path: "live.topology", input: { id } } })));
    closers.push(() => socket.terminate());
    return { socket, heard };
  }

  /** The agent speaks for so many turns; what the process holds is looked at once a second. */
  async function speak(turns: number): Promise<number[]> {
    const held: number[] = [];
    let turn = 0;
    for await (const _ of every(TURN_MS)) {
      said.countersAt = Date.now();
      agent.send({ type: "counters", at: said.countersAt, topologies: { [id]: COUNTERS } });
      for (let i = 0; i < LINES_PER_TURN; i++) agent.send({ type: "log", topologyId: id, line: { at: Date.now(), level: "info", text: `line ${++said.lines}` } });
      turn += 1;
      if (turn % 10 === 0) held.push(residentBytes());
      if (turn === turns) return held;
    }
    return held;
  }

  it("costs the server no more than 20 MiB, delays nobody by more than 500 ms, and is told that it missed something", async () => {
    const readers = Array.from({ length: READERS }, (_, i) => reader(cookies[i % 2] ?? ""));
    const { socket, heard } = await stallingPage(cookies[1] ?? "");
    await until(() => [...readers, ...heard].every(({ snapshots }) => snapshots === 1));
    const before = await speak(WARM_UP_TURNS);
    // What the machine does besides delays everybody, before as well.
    const usual = percentile95(readers.flatMap(({ delays }) => delays.splice(0)));
    socket.pause();
    const during = await speak(STALLED_TURNS);
    await until(() => readers.every(({ lines, countersAt }) => lines.length === said.lines && countersAt === said.countersAt));
    socket.resume();
    const isClosed = (): boolean => socket.readyState === socket.CLOSED;
    await until(() => isClosed() || heard.every(({ newest }) => newest === said.lines));

    const growth = Math.max(...during) - Math.max(...before);
    const delays = readers.flatMap((each) => each.delays);
    console.info(`slow browser: RSS ${(growth / MIB).toFixed(1)} MiB more after 15 s (${(Math.max(...before) / MIB).toFixed(0)} MiB before); p95 of ${delays.length} delays of ${READERS} others ${percentile95(delays)} ms, ${usual} ms before`);
    for (const { lines, snapshots } of readers) {
      expect(snapshots).toBe(1);
      expect(lines).toEqual(Array.from({ length: said.lines }, (_, i) => i + 1));
    }
    expect(percentile95(delays) - usual).toBeLessThanOrEqual(500);
    expect(growth).toBeLessThanOrEqual(20 * MIB);
    // It may also have been cut off, for want of an answer to the server's ping; then it begins with a snapshot.
    if (!isClosed()) expect(heard.map(({ snapshots }) => snapshots)).toEqual(Array<number>(SUBSCRIPTIONS).fill(2));
  });
});
