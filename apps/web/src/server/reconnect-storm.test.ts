import { setTimeout as delay } from "node:timers/promises";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../trpc/client";
import { enrol, FakeAgent } from "./testing/fake-agent";
import { invite } from "./testing/people";
import { standardDatabase } from "./testing/test-database";
import { startTestServer } from "./testing/test-server";
import type { TestClient, TestServer } from "./testing/test-server";
import { until } from "./testing/until";
import { vpcEdit } from "./testing/vpc-edit";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const BROWSERS = 50;
const SOCKETS_EACH = 3;
const AGENTS = 5;
const BACK_MAX_MS = 15_000;
const HANDSHAKES_PER_SECOND_MAX = 20;
/** What is asked of an agent's link: a random part of a second, doubling. */
const AGENT_FIRST_MS = 1_000;

describe("everybody who was connected before a restart", () => {
  let server: TestServer;
  /** When each handshake was done, by browsers and agents. */
  const opened: number[] = [];
  const heard: number[][] = [];
  const agents: FakeAgent[] = [];
  const closers: (() => Promise<void>)[] = [];
  let admin: TestClient;
  let id: string;

  /** A page's client, whose socket says when it is up. */
  function openPage(cookie: string): void {
    const headers = { cookie, origin: server.origin };
    class Socket extends WebSocket {
      constructor(url: string) {
        super(url, { headers });
        this.once("open", () => opened.push(performance.now()));
      }
    }
    const { client, close } = createClient({ origin: server.origin, WebSocket: Socket as unknown as typeof globalThis.WebSocket });
    const revisions: number[] = [];
    heard.push(revisions);
    client.live.topology.subscribe({ id }, { onData: ({ data }) => void (data.type === "revision" && revisions.push(data.revision)) });
    closers.push(close);
  }

  /** As an agent's link comes back. */
  async function comeBack(agent: FakeAgent): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      await delay(Math.random() * AGENT_FIRST_MS * 2 ** attempt);
      if (await agent.connect(`ws://127.0.0.1:${server.port}/agent`).then(() => true, () => false)) break;
    }
    opened.push(performance.now());
  }

  /** Somebody saves the drawing that all look at. */
  async function toldToAll(vpc: string, range: string): Promise<void> {
    const { revision } = await admin.topology.get.query({ id });
    expect(await admin.topology.save.mutate({ id, baseRevision: revision, clientId: "tab", commands: [vpcEdit(vpc, `vpc${revision}`, range)] })).toMatchObject({ saved: true });
    await until(() => heard.every((revisions) => revisions.includes(revision + 1)), 60_000);
  }

  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    admin = await server.client();
    ({ id } = await admin.topology.create.mutate({ name: "watched", template: "empty" }));
    for (let i = 0; i < AGENTS; i += 1) {
      const token = i === 0 ? (server.joinToken ?? "") : (await admin.host.mintToken.mutate({ name: `host${i}` })).token;
      const agent = new FakeAgent(await enrol(server.origin, token, i === 0 ? undefined : `host${i}`));
      agents.push(agent);
      if (i > 0) await admin.host.approve.mutate({ id: agent.identity.agentId });
      await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    }
    await until(async () => (await admin.host.list.query()).every(({ online }) => online));
    for (let i = 0; i < BROWSERS; i += 1) {
      const { cookie, close } = await invite(server, admin, `viewer${i}`, "admin");
      closers.push(close);
      for (let socket = 0; socket < SOCKETS_EACH; socket += 1) openPage(cookie);
    }
    await until(() => opened.length === BROWSERS * SOCKETS_EACH, 60_000);
  }, 180_000);
  afterAll(async () => {
    for (const agent of agents) agent.cut();
    await Promise.all(closers.map((close) => close()));
    await server.close();
  });

  it("is back within 15 seconds, at most 20 within any second, and hears what happens", async () => {
    await toldToAll("vpc-00000001", "10.1.0.0/16");
    opened.length = 0;
    const agentsBack = server.restart().then(() => performance.now());
    const back = Promise.all(agents.map(async (agent) => {
      await until(() => agent.closeCode !== null);
      await comeBack(agent);
    }));
    const startedAt = await agentsBack;
    const cpuBefore = process.cpuUsage();
    await back;
    await until(() => opened.length >= BROWSERS * SOCKETS_EACH + AGENTS, 60_000);
    const tookMs = Math.max(...opened) - startedAt;
    const { user, system } = process.cpuUsage(cpuBefore);
    const busiest = Math.max(...opened.map((from) => opened.filter((at) => at >= from && at < from + 1_000).length));
    console.info(`${opened.length} back after ${(tookMs / 1000).toFixed(1)} s, at most ${busiest} handshakes in a second, ${((user + system) / 10 / tookMs).toFixed(0)} % of a core with all clients`);
    expect(opened).toHaveLength(BROWSERS * SOCKETS_EACH + AGENTS);
    expect(tookMs).toBeLessThanOrEqual(BACK_MAX_MS);
    expect(busiest).toBeLessThanOrEqual(HANDSHAKES_PER_SECOND_MAX);
    expect((user + system) / 1_000).toBeLessThan(tookMs);
    await toldToAll("vpc-00000002", "10.2.0.0/16");
  });
});
