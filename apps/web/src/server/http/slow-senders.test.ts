import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeCode, openSocket } from "../testing/raw-socket";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";

const SLOW = 150;

interface Ended {
  readonly answer: string;
  readonly ms: number;
}

describe("who sends slowly holds no connection, and nobody waits for him", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  /** Sends a beginning and then one byte each second; what came back, and when the connection ended. */
  function slowly(beginning: string, byte: string): Promise<Ended> {
    const started = performance.now();
    return new Promise((resolve) => {
      const socket = connect(server.port, "127.0.0.1");
      let answer = "";
      socket.on("error", () => {});
      socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
      socket.write(beginning);
      const timer = setInterval(() => socket.write(byte), 1_000);
      socket.once("close", () => {
        clearInterval(timer);
        resolve({ answer: answer.split("\r\n")[0] ?? "", ms: performance.now() - started });
      });
    });
  }

  const p95OfOthers = async () => {
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      const started = performance.now();
      expect((await fetch(`${server.origin}/api/trpc/topology.list`, { headers: { cookie } })).status).toBe(200);
      times.push(performance.now() - started);
    }
    return times.sort((a, b) => a - b)[37] ?? Infinity;
  };

  it("headers within 10 seconds, a body within 30, a silent socket within 60", async () => {
    const alone = await p95OfOthers();
    const headers = Array.from({ length: SLOW }, () => slowly("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "x"));
    const post = `POST /api/trpc/topology.create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Vpclab: 1\r\nOrigin: ${server.origin}\r\nCookie: ${cookie}\r\nContent-Length: 1000\r\n\r\n`;
    const bodies = Array.from({ length: SLOW }, () => slowly(post, " "));
    const opened = performance.now();
    const silent = await openSocket(`ws://127.0.0.1:${server.port}/api/ws`, { cookie, origin: server.origin });
    const silentEnd = closeCode(silent).then((code) => ({ code, ms: performance.now() - opened }));

    // Room for what a machine with other work adds.
    expect(await p95OfOthers()).toBeLessThan(2 * alone + 100);
    for (const { answer, ms } of await Promise.all(headers)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(ms).toBeLessThan(20_000);
    }
    for (const { answer, ms } of await Promise.all(bodies)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 |^$/);
      expect(ms).toBeLessThan(45_000);
    }
    expect((await silentEnd).ms).toBeLessThan(60_000);
  });
});
