import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { closeCode, openSocket, upgradeStatus } from "../testing/raw-socket";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";
import { until } from "../testing/until";

afterAll(({}, file) => console.info(badInputCount("H", file)));

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const MIB = 1024 * 1024;
const subscribe = (id: number, topologyId: string, path = "live.topology") => ({ id, method: "subscription", params: { path, input: { id: topologyId } } });
const raw = (socket: WebSocket) => (socket as unknown as { _socket: { write(bytes: Buffer): boolean; destroyed: boolean } })._socket;
/** A frame as a browser sends it, masked with zeros; at most 125 bytes. */
const frame = (opcode: number, payload: Buffer, last = true) => Buffer.concat([Buffer.from([(last ? 0x80 : 0) | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
const TEXT = 1, CONTINUED = 0, CLOSE = 8, PING = 9, PONG = 10;

describe("a page's socket", () => {
  let server: TestServer;
  let headers: Record<string, string>;
  let topology: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    headers = { cookie: await server.signIn(), origin: server.origin };
    const client = await server.client();
    ({ id: topology } = await client.topology.create.mutate({ name: "followed", template: "empty" }));
  });
  afterAll(() => server.close());

  const url = () => `ws://127.0.0.1:${server.port}/api/ws`;
  const open = () => openSocket(url(), headers);

  it.each<[string, number, (socket: WebSocket) => void]>([
    ["binary", 1003, (socket) => socket.send(Buffer.from("{}"))],
    ["text that is not UTF-8", 1007, (socket) => raw(socket).write(frame(TEXT, Buffer.from([0xc3, 0x28])))],
    ["half a character", 1007, (socket) => raw(socket).write(frame(TEXT, Buffer.from([0xe2, 0x82])))],
    ["a reason for closing that is not UTF-8", 1007, (socket) => raw(socket).write(frame(CLOSE, Buffer.from([0x03, 0xe8, 0xff])))],
    ["more than 64 KiB", 1009, (socket) => socket.send("x".repeat(64 * 1024 + 1))],
    ["more than 64 KiB in pieces", 1009, (socket) => { for (let i = 0; i < 17; i++) socket.send("x".repeat(4096), { fin: i === 16 }); }],
    ["65 pieces", 1008, (socket) => { for (let i = 0; i < 66; i++) raw(socket).write(frame(i === 0 ? TEXT : CONTINUED, Buffer.from("x"), false)); }],
    ["300 messages at once, whatever comes back while they are read", 1008, (socket) => { for (let i = 0; i < 300; i++) socket.send("PONG"); }],
    ["101 messages in a list", 1008, (socket) => socket.send(JSON.stringify(Array(101).fill({ id: 1, method: "subscription.stop" })))],
  ])("is closed after %s", async (_, code, act) => {
    const socket = await open();
    const closed = closeCode(socket);
    act(socket);
    expect(await closed).toBe(code);
  });

  it.each<[string, Buffer]>([
    ["pieces of one byte", frame(CONTINUED, Buffer.from("x"), false)],
    ["tiny messages", frame(TEXT, Buffer.from("x"))],
    ["pings", frame(PING, Buffer.alloc(0))],
    ["pongs", frame(PONG, Buffer.alloc(0))],
  ])("is cut off by a flood of 131,000 %s, and the server has not grown", async (_, bytes) => {
    const before = process.memoryUsage().rss;
    const socket = await open();
    const closed = closeCode(socket);
    raw(socket).write(frame(TEXT, Buffer.from("x"), bytes[0] === (0x80 | TEXT)));
    const thousand = Buffer.concat(Array<Buffer>(1_000).fill(bytes));
    for (let i = 0; i < 131 && !raw(socket).destroyed; i++) raw(socket).write(thousand);
    // The connection may be gone before what the server says about it is read.
    expect([1008, 1006]).toContain(await closed);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * MIB);
  });

  it("gets an answer to nonsense, once each, and goes on", async () => {
    const socket = await open();
    const answers: { id: unknown; error?: { data: { code: string } }; result?: { type: string } }[] = [];
    socket.on("message", (data: Buffer) => answers.push(JSON.parse(data.toString()) as (typeof answers)[number]));
    const nonsense = [
      "{", "[]x", '"text"', "7", "null", '{"id":2}', '{"id":2,"result":{"type":"data"}}', '{"id":null,"method":"subscription"}',
      JSON.stringify({ ...subscribe(3, topology), method: "mutation", params: { path: "topology.remove", input: { id: topology } } }),
      JSON.stringify(subscribe(4, topology, "topology.list")), JSON.stringify(subscribe(5, topology, "__proto__.x")), JSON.stringify(subscribe(6, A_UUID)),
      JSON.stringify({ ...subscribe(7, topology), params: { path: "live.topology", input: { id: { not: "" } } } }),
    ];
    for (const text of nonsense) socket.send(text);
    await until(() => answers.filter(({ error }) => error).length >= nonsense.length);
    socket.send(JSON.stringify(subscribe(100, topology)));
    await until(() => answers.some(({ id, result }) => id === 100 && result?.type === "data"));
    expect(answers.filter(({ error }) => error)).toHaveLength(nonsense.length);
    expect(JSON.stringify(answers)).not.toMatch(/node_modules|\.ts:|\bat \w+ \(/);
    socket.terminate();
  });

  it("follows at most 20 topologies, and none twice by one id", async () => {
    const socket = await open();
    const answers: { id: number; error?: { data: { code: string } }; result?: { type: string } }[] = [];
    socket.on("message", (data: Buffer) => answers.push(JSON.parse(data.toString()) as (typeof answers)[number]));
    for (let id = 1; id <= 25; id++) socket.send(JSON.stringify(subscribe(id, topology)));
    await until(() => answers.filter(({ error }) => error).length === 5);
    expect(answers.filter(({ error }) => error).map(({ error }) => error?.data.code)).toEqual(Array(5).fill("RATE_LIMITED"));
    await until(() => answers.filter(({ result }) => result?.type === "data").length === 20);
    socket.send(JSON.stringify(subscribe(1, topology)));
    await until(() => answers.filter(({ id, error }) => id === 1 && error).length === 1);
    socket.terminate();
  });

  it("is cut off within a minute when it does not answer, whatever it sends below the messages, and kept when it does", async () => {
    const [silent, pinging, answering] = [await open(), await open(), await open()];
    const at = performance.now();
    const cut = Promise.all([silent, pinging].map(closeCode));
    let asked = 0;
    pinging.on("message", () => pinging.ping());
    pinging.ping();
    answering.on("message", (data: Buffer) => {
      asked += data.toString() === "PING" ? 1 : 0;
      answering.send("PONG");
    });
    expect(await cut).toEqual([1006, 1006]);
    expect(performance.now() - at).toBeLessThan(60_000);
    expect([asked, answering.readyState]).toEqual([1, answering.OPEN]);
    answering.terminate();
  });

  it("is the last of eight; another is possible when one has gone", async () => {
    const eight = await Promise.all(Array.from({ length: 8 }, open));
    expect(await upgradeStatus(url(), headers)).toBe(429);
    eight[0]?.terminate();
    await until(async () => (await upgradeStatus(url(), headers)) === 101);
    for (const socket of eight) socket.terminate();
  });
});
