import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setInterval as every } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { mintSignIn } from "./mint-sign-in";
import type { Ready } from "./start-server";
import { controlSocketPath } from "./start-server";
import { call, register } from "./testing/people";
import { openSocket, upgradeStatus } from "./testing/raw-socket";
import { MIGRATIONS, standardDatabase, testStorage } from "./testing/test-database";
import type { TestStorage } from "./testing/test-database";
import { until } from "./testing/until";

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const SOCKETS = 8;
/** Of each socket: nine tenths of what it may send. */
const MESSAGES_PER_SECOND = 90;
/** Three times what a student may call, and a hundred applies. */
const CALLS_PER_TURN = 5;
const APPLIES_PER_TURN = 10;
const TURN_MS = 100;
/** Calls of his that wait for an answer: a slow machine must not make a heap of them. */
const WAITING_MAX = 12;
/** Quiet and busy take turns, so that what else the machine does falls on both. */
const ROUNDS = 4;
const CALLS_PER_ROUND = 60;

const percentile95 = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Infinity;

describe("somebody who does as much as he may, and tries more", () => {
  let storage: TestStorage;
  let child: ChildProcess;
  let origin: string;
  let greedy: string;
  let quiet: string;
  const sockets: WebSocket[] = [];
  beforeAll(async () => {
    storage = await testStorage(standardDatabase());
    child = fork(join(import.meta.dirname, "testing/server-process.ts"), [MIGRATIONS], {
      execArgv: ["--import", "tsx"], cwd: join(import.meta.dirname, "../.."),
      env: { NODE_ENV: "test", PATH: process.env.PATH, DATA_DIR: storage.dataDirectory, PORT: "0", ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }) },
    });
    const [{ url }] = (await once(child, "message")) as [Ready];
    origin = url;
    const response = await fetch(await mintSignIn(controlSocketPath(storage.dataDirectory)), { redirect: "manual" });
    const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    const enter = async (name: string) => {
      const { data } = await call({ origin }, "invitation.create", "mutation", { role: "student", classId: null }, { cookie });
      return (await register({ origin }, (data as { token: string }).token, name)).cookie ?? "";
    };
    [greedy, quiet] = [await enter("greedy"), await enter("quiet")];
  });
  afterAll(() => {
    for (const socket of sockets) socket.terminate();
    child.kill("SIGKILL");
    storage.remove();
  });

  const socketUrl = () => `${origin.replace("http", "ws")}/api/ws`;

  /** Works until it is stopped; answers what statuses its calls got. */
  function overload() {
    const statuses = new Map<number, number>();
    const stopped = new AbortController();
    let waiting = 0;
    const ask = async (...args: [path: string, type: "query" | "mutation", input: unknown]): Promise<void> => {
      if (waiting >= WAITING_MAX) return;
      waiting += 1;
      const { status } = await call({ origin }, ...args, { cookie: greedy });
      waiting -= 1;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    };
    const working = (async () => {
      const calls: Promise<void>[] = [];
      for await (const _ of every(TURN_MS)) {
        if (stopped.signal.aborted) break;
        for (const socket of sockets) for (let i = 0; i < (MESSAGES_PER_SECOND * TURN_MS) / 1_000; i++) socket.send(`{"id":${i},"method":"subscription.stop"}`);
        for (let i = 0; i < CALLS_PER_TURN; i++) calls.push(ask("topology.list", "query", undefined));
        for (let i = 0; i < APPLIES_PER_TURN; i++) calls.push(ask("deployment.applyNewest", "mutation", { id: A_UUID }));
      }
      await Promise.all(calls);
    })();
    return { statuses, stop: () => { stopped.abort(); return working; } };
  }

  async function callsOfTheOther(): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < CALLS_PER_ROUND; i++) {
      const at = performance.now();
      expect((await call({ origin }, "topology.list", "query", undefined, { cookie: quiet })).status).toBe(200);
      times.push(performance.now() - at);
    }
    return times;
  }

  it("does not slow another one's calls down by more than he has calls at work", async () => {
    for (let i = 0; i < SOCKETS; i++) sockets.push(await openSocket(socketUrl(), { cookie: greedy, origin }));
    expect(await upgradeStatus(socketUrl(), { cookie: greedy, origin })).toBe(429);
    await callsOfTheOther();
    const times = { alone: [] as number[], beside: [] as number[] };
    const statuses = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round++) {
      times.alone.push(...(await callsOfTheOther()));
      const load = overload();
      // He is at his limit before anything is measured.
      await until(() => (load.statuses.get(429) ?? 0) > 0);
      times.beside.push(...(await callsOfTheOther()));
      await load.stop();
      for (const [status, count] of load.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
    }
    const [alone, beside] = [percentile95(times.alone), percentile95(times.beside)];
    console.info(`p95 of another's calls: ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside (${(beside / alone).toFixed(2)} times); the greedy one's: ${JSON.stringify(Object.fromEntries(statuses))}`);
    expect([...statuses.keys()].every((status) => [200, 404, 429].includes(status))).toBe(true);
    expect(statuses.get(429)).toBeGreaterThanOrEqual(ROUNDS);
    expect(sockets.every(({ readyState }) => readyState === 1)).toBe(true);
    // Two of his are at work when another's comes, and his messages besides. Without turns it is as many as he likes to send.
    expect(beside / alone).toBeLessThanOrEqual(4);
  });
});
