import { connect } from "node:net";
import { once } from "node:events";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { upgradeStatus } from "../testing/raw-socket";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";

afterAll(({}, file) => console.info(badInputCount("H", file)));

describe("connections are upgraded only for what they are", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  const at = (path: string) => `ws://127.0.0.1:${server.port}${path}`;

  it("a page of this server with a session gets its socket, by each name of this machine", async () => {
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      expect(await upgradeStatus(at("/api/ws"), { cookie, origin: `http://${host}:${server.port}` })).toBe(101);
    }
  });

  it("another origin, none, or a look-alike is refused", async () => {
    const port = server.port;
    for (const origin of ["https://evil.example", "null", `https://localhost:${port}`, `http://localhost:${port + 1}`, `http://localhost:${port}.evil.example`, `http://localhost:${port}/`, ""]) {
      expect([origin, await upgradeStatus(at("/api/ws"), { cookie, ...(origin ? { origin } : {}) })]).toEqual([origin, 403]);
    }
  });

  it("no session, an unknown one, or two is refused", async () => {
    const name = cookie.split("=")[0] ?? "";
    for (const sent of [undefined, `${name}=${"A".repeat(43)}`, `${name}=`, `${name}=' OR 1=1`, `${cookie}; ${cookie}`, cookie.replace(name, "vpclab-1")]) {
      const status = await upgradeStatus(at("/api/ws"), { origin: server.origin, ...(sent === undefined ? {} : { cookie: sent }) });
      expect([sent, status]).toEqual([sent, 401]);
    }
  });

  it("an agent's door is none for browsers", async () => {
    expect(await upgradeStatus(at("/agent"), { cookie })).toBe(400);
    expect(await upgradeStatus(at("/agent"), { origin: server.origin })).toBe(400);
    expect(await upgradeStatus(at("/agent"), {})).toBe(101);
  });

  it("everything else is ended", async () => {
    for (const path of ["/", "/agent/", "/agent?token=1", "/api/ws/", "/api/ws?x=1", "/_next/hmr", "/api/trpc", "//agent"]) {
      expect([path, await upgradeStatus(at(path), { cookie, origin: server.origin })]).toEqual([path, 404]);
    }
  });

  it("the agents' unix socket serves agents only", async () => {
    const unix = (path: string) => `ws+unix:${server.agentSocket}:${path}`;
    expect(await upgradeStatus(unix("/agent"), {})).toBe(101);
    expect(await upgradeStatus(unix("/api/ws"), { cookie, origin: server.origin })).toBe(404);
  });

  it("a client that breaks off in the middle harms nobody", async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(server.port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(`GET /api/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: ${server.origin}\r\nCookie: ${cookie}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
      socket.resetAndDestroy();
    }
    expect(await upgradeStatus(at("/api/ws"), { cookie, origin: server.origin })).toBe(101);
  });
});
