import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { WebSocketServer } from "ws";
import { enrolledStateDir, RecordingLog } from "../../test/link/agent-fixture";
import type { ServerBehaviour } from "../../test/link/fake-server";
import { FakeServer } from "../../test/link/fake-server";
import { applyJob, sealed } from "../../test/link/job-fixture";
import { JoinSequence } from "../state/join-sequence";
import { ServerTrust } from "../state/server-trust";
import { LOCAL_DELAYS, reconnectDelayMs } from "./backoff";
import type { Timing } from "./connection";
import { generateSigningKey } from "./ed25519";
import { parseServerAddress } from "./server-address";
import { ServerLink } from "./server-link";

describe("the link to the server", () => {
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let link: ServerLink | null = null;
  let log: RecordingLog;
  let join: JoinSequence;
  let jobs = 0;
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    home = await enrolledStateDir();
    join = await JoinSequence.open(home.stateDir);
    log = new RecordingLog();
    jobs = 0;
  });
  afterEach(async () => {
    link?.stop();
    for (const close of closing.splice(0)) await close();
    await home.remove();
  });

  const listen = async (behaviour: ServerBehaviour = {}): Promise<FakeServer> => {
    const server = await FakeServer.listen(() => home.identity.agentKey, behaviour);
    closing.push(() => server.close());
    return server;
  };
  const dial = (socketUrl: string, timing?: Timing): ServerLink => {
    link = new ServerLink({
      socketUrl, log, random: () => 0.1,
      self: { trust: new ServerTrust(home.stateDir, home.identity), facts: { mode: "sandbox", kernel: "6.18.0", version: "0.1.0", publicPool: true }, join },
      greeting: () => [{ type: "inventory", topologies: [] }], receive: (_envelope, _session, lastSeq) => Promise.resolve((jobs += 1, lastSeq)),
      ...(timing ? { timing } : {}),
    });
    link.start();
    return link;
  };
  const alarms = (): string[] => log.lines.filter((line) => line.includes("SECURITY"));

  it("greets with the inventory once the server proved itself", async () => {
    const server = await listen();
    dial(server.url);
    await server.until(() => server.ofType("inventory").length === 1);
    expect(link?.ready).toBe(true);
    expect(alarms()).toEqual([]);
  });

  it.each<[string, ServerBehaviour, RegExp]>([
    ["that signs with another key", { key: generateSigningKey() }, /KEY_UNKNOWN.*not the server/],
    ["that repeats the proof of another connection", { welcome: (body) => ({ ...body, agentNonce: "n".repeat(32) }) }, /SESSION/],
    ["that proves itself to another agent", { welcome: (body) => ({ ...body, agentId: "agent-2" }) }, /SESSION/],
    ["that sends a job first", { before: [JSON.stringify({ type: "job", envelope: sealed(applyJob()) })] }, /PROTOCOL.*before it proved/],
    ["that sends a welcome first", { before: [JSON.stringify({ type: "welcome", hello: sealed({}, PAYLOAD_TYPE.serverHello) })] }, /PROTOCOL.*out of turn/],
    ["that challenges twice", { before: [JSON.stringify({ type: "challenge", v: 1, serverNonce: "s".repeat(32) })] }, /PROTOCOL.*second challenge/],
    ["of another version", { before: [JSON.stringify({ type: "challenge", v: 2, serverNonce: "s".repeat(32) })] }, /PROTOCOL.*same version/],
    ["that says a thing twice", { before: ['{"type":"challenge","type":"job"}'] }, /JSON_DUPKEY/],
    ["that uses the hello of an agent as its own", { welcome: () => ({}) }, /SESSION/],
    ["that counts connections backwards", { welcome: (body) => ({ ...body, joinSeq: 0 }) }, /SESSION.*backwards/],
  ])("hangs up on a server %s, loudly, and does nothing it says", async (_name, behaviour, words) => {
    const server = await listen(behaviour);
    dial(server.url);
    await server.until(() => server.closeCodes.length > 0);
    expect(server.closeCodes[0]).toBe(1008);
    expect(alarms()[0]).toMatch(words);
    expect(jobs).toBe(0);
    expect(server.ofType("inventory")).toEqual([]);
  });

  it("has kept the number of the connection on its disk before it says its first word, and comes with it the next time", async () => {
    const server = await listen();
    dial(server.url);
    for (let round = 1; round <= 3; round++) {
      await server.until(() => server.ofType("inventory").length === round);
      expect((await JoinSequence.open(home.stateDir)).seq).toBe(server.joinSeq);
      server.cut();
      await server.until(() => server.connections > round);
      await server.until(() => server.ofType("inventory").length > round);
      expect(server.heardSeq).toBe(round);
    }
  });

  it("says nothing at all while it cannot keep the number", async () => {
    const server = await listen();
    const keep = join.keep.bind(join);
    let failures = 0;
    join.keep = (seq) => (failures++ < 3 ? Promise.reject(new Error("no space")) : keep(seq));
    dial(server.url);
    await server.until(() => server.ofType("inventory").length === 1);
    expect(server.connections).toBe(4);
    expect(server.heardSeq).toBe(0);
  });

  it.each([["pending", /warn.*waits for its approval/], ["locked", /error SECURITY .*locked this host/], ["revoked", /warn.*revoked this host/]] as const)(
    "says in one line that it is %s, and goes on asking", async (reason, words) => {
      const server = await listen({ refuse: reason });
      dial(server.url);
      await server.until(() => server.connections > 3);
      expect(log.lines.filter((line) => words.test(line))).toHaveLength(1);
      expect(jobs).toBe(0);
    });

  it("refuses binary frames", async () => {
    const server = await listen();
    dial(server.url);
    await server.until(() => server.ofType("inventory").length === 1);
    server.sendBinary();
    await server.until(() => server.closeCodes.length > 0);
    expect(server.closeCodes).toEqual([1003]);
  });

  it("comes back after a cut, with a new nonce", async () => {
    const server = await listen();
    dial(server.url);
    for (let round = 1; round <= 3; round++) {
      await server.until(() => server.ofType("inventory").length === round);
      server.cut();
    }
    await server.until(() => server.ofType("inventory").length === 4);
    expect(log.lines.filter((line) => line.startsWith("info connected")).length).toBe(4);
  });

  it("notices a server that is connected and silent", async () => {
    // Answers the handshake of the protocol, and after that not even pings.
    const http = createServer();
    const sockets = new WebSocketServer({ server: http, autoPong: false });
    let connections = 0;
    sockets.on("connection", (socket) => {
      connections += 1;
      socket.send(JSON.stringify({ type: "challenge", v: 1, serverNonce: "s".repeat(32) }));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    closing.push(async () => (sockets.clients.forEach((socket) => socket.terminate()), http.closeAllConnections(), http.close()));
    dial(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/agent`, { handshakeMs: 60_000, pingEveryMs: 20, silenceMaxMs: 60 });
    await expect.poll(() => connections, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(log.lines.join("\n")).toMatch(/nothing was heard/);
  });

  it("gives up on a server that accepts and says nothing", async () => {
    let connections = 0;
    const mute = createTcpServer((socket) => ((connections += 1), socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    closing.push(async () => void mute.close());
    dial(`ws://127.0.0.1:${(mute.address() as AddressInfo).port}/agent`, { handshakeMs: 100, pingEveryMs: 60_000, silenceMaxMs: 60_000 });
    await expect.poll(() => connections, { timeout: 10_000 }).toBeGreaterThan(1);
  });

  it("does not follow a redirect", async () => {
    const target = await listen();
    const http = createServer((_request, response) => response.writeHead(301, { location: target.url }).end());
    http.on("upgrade", (_request, socket) => socket.end(`HTTP/1.1 301 Moved\r\nlocation: ${target.url}\r\n\r\n`));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    closing.push(async () => (http.closeAllConnections(), http.close()));
    dial(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/agent`);
    await expect.poll(() => log.lines.join("\n")).toMatch(/301/);
    expect(target.connections).toBe(0);
  });

  it("says one line about a server that is away, not one for each try", async () => {
    const server = await listen();
    const { url } = server;
    await server.close();
    closing.splice(0);
    dial(url);
    await expect.poll(() => log.lines.length).toBeGreaterThan(2);
    expect(log.lines.filter((line) => line.startsWith("warn"))).toHaveLength(1);
  });
});

describe("delays between tries", () => {
  it("of a thousand agents that lost one server are spread evenly, from the first one on, up to a minute", () => {
    for (const [attempt, ceiling] of [[0, 1000], [3, 8000], [30, 60_000]] as const) {
      const delays = Array.from({ length: 1000 }, () => reconnectDelayMs(attempt, Math.random));
      expect(Math.max(...delays)).toBeLessThanOrEqual(ceiling);
      // Of a thousand, 100 fall into each tenth, give or take six standard deviations of 9.5.
      const tenths = Array.from({ length: 10 }, (_, i) => delays.filter((delay) => Math.min(9, Math.floor((delay / ceiling) * 10)) === i).length);
      for (const count of tenths) expect(Math.abs(count - 100), `attempt ${attempt}: ${tenths.join(" ")}`).toBeLessThan(57);
    }
  });

  it("comes back to a server on this machine within two seconds, however long that was away", () => {
    for (const attempt of [0, 3, 40]) expect(reconnectDelayMs(attempt, () => 0.999, LOCAL_DELAYS)).toBeLessThanOrEqual(2000);
  });

  it("a server that takes a connection and loses it at once is asked less and less often", async () => {
    const home = await enrolledStateDir();
    const server = await FakeServer.listen(() => home.identity.agentKey);
    const asked: number[] = [];
    const link = new ServerLink({
      socketUrl: server.url, log: new RecordingLog(),
      self: { trust: new ServerTrust(home.stateDir, home.identity), facts: { mode: "sandbox", kernel: "6.18.0", version: "0.1.0", publicPool: true }, join: await JoinSequence.open(home.stateDir) },
      greeting: () => [{ type: "inventory", topologies: [] }], receive: (_envelope, _session, lastSeq) => Promise.resolve(lastSeq),
      delays: { firstMs: 20, ceilingMs: 400 }, random: () => 1,
    });
    link.start();
    for (let round = 1; round <= 6; round++) {
      await server.until(() => server.ofType("inventory").length >= round);
      asked.push(performance.now());
      server.cut();
    }
    link.stop();
    await server.close();
    await home.remove();
    const pauses = asked.slice(1).map((at, i) => at - (asked[i] ?? 0));
    [20, 40, 80, 160, 320].forEach((least, i) => expect(pauses[i]).toBeGreaterThan(least - 2));
  });
});

describe("server addresses", () => {
  it.each([
    ["https://lab.example", "wss://lab.example/agent", "https://lab.example", null], ["http://127.0.0.1:3000/", "ws://127.0.0.1:3000/agent", "http://127.0.0.1:3000", null],
    ["wss://lab.example/agent", "wss://lab.example/agent", "https://lab.example", null], ["ws+unix:///run/v.sock:/agent", "ws+unix:/run/v.sock:/agent", "http://localhost", "/run/v.sock"],
    ["ws+unix:/run/v.sock", "ws+unix:/run/v.sock:/agent", "http://localhost", "/run/v.sock"],
  ])("%s", (text, socketUrl, httpBase, socketPath) => expect(parseServerAddress(text)).toEqual({ socketUrl, httpBase, socketPath }));

  it.each(["", "lab.example", "ftp://lab.example", "https://user:pw@lab.example", "https://lab.example/other", "https://lab.example/?token=x", "ws+unix:relative.sock", "file:///etc/passwd"])(
    "refuses %j", (text) => expect(() => parseServerAddress(text)).toThrow(/no server address/));
});
