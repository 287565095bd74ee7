import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callRouter } from "../routers/app-router";
import { upgradeStatus } from "../testing/raw-socket";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";

afterAll(({}, file) => console.info(badInputCount("I", file)));

const EVIL = "https://evil.example";
const MUTATIONS = Object.entries(callRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>)
  .filter(([, { _def: { type } }]) => type === "mutation").map(([path]) => path);

interface Shape {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly query?: string;
  readonly status: number;
}
/** What a page of another site, or somebody who thinks of a server's quirks, can make a signed-in browser send. */
const SHAPES: Record<string, Shape> = {
  "a form": { headers: { origin: EVIL, "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site" }, status: 403 },
  "a form of a browser that says little": { headers: { "content-type": "application/x-www-form-urlencoded" }, status: 415 },
  "a form with a file": { headers: { "content-type": "multipart/form-data; boundary=x" }, status: 415 },
  "a form of plain text that reads as JSON": { headers: { "content-type": "text/plain" }, status: 415 },
  "a beacon of bytes": { headers: { "content-type": "application/octet-stream" }, status: 415 },
  "a body of no type": { headers: { "content-type": "" }, status: 415 },
  "JSON from another site": { headers: { origin: EVIL }, status: 403 },
  "JSON from a sandboxed frame": { headers: { origin: "null" }, status: 403 },
  "JSON from nowhere": { headers: { origin: "" }, status: 403 },
  "JSON from another server of this machine": { headers: { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }, status: 403 },
  "JSON with our origin that the browser contradicts": { headers: { "sec-fetch-site": "cross-site" }, status: 403 },
  "JSON that a person is made to send by an address": { headers: { "sec-fetch-site": "none" }, status: 403 },
  "JSON without our header": { headers: { "x-vpclab": "" }, status: 403 },
  "JSON with our header spelt otherwise": { headers: { "x-vpclab": "true" }, status: 403 },
  "an address in a link or an image": { method: "GET", query: "?input=%7B%7D", status: 405 },
  "a batch in an address": { method: "GET", query: "?batch=1&input=%7B%220%22%3A%7B%7D%7D", status: 405 },
  "an address, with an override": { method: "GET", headers: { "x-http-method-override": "POST" }, status: 405 },
  "another method": { method: "PUT", status: 405 },
  "only the head": { method: "HEAD", status: 405 },
  "a preflight": { method: "OPTIONS", headers: { origin: EVIL, "access-control-request-method": "POST", "access-control-request-headers": "content-type,x-vpclab" }, status: 405 },
};

describe("another site cannot change anything", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  async function send(path: string, { method = "POST", headers = {}, query = "" }: Omit<Shape, "status">) {
    const all = { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1", ...headers };
    const sent = Object.entries(all).filter(([, value]) => value !== "");
    const body = method === "GET" || method === "HEAD" ? undefined : new TextEncoder().encode("{}");
    return fetch(`${server.origin}/api/trpc/${path}${query}`, { method, headers: sent, body });
  }

  it.each(Object.entries(SHAPES))("by %s, whatever the mutation", async (_, shape) => {
    for (const path of MUTATIONS) {
      const { status, headers } = await send(path, shape);
      expect([path, status, [...headers.keys()].filter((name) => name.startsWith("access-control"))]).toEqual([path, shape.status, []]);
    }
  });

  it("while a page of ours gets as far as the input", async () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(12);
    for (const path of MUTATIONS) {
      const { status } = await send(path, { headers: { "sec-fetch-site": "same-origin" } });
      expect([path, [403, 405, 415].includes(status)]).toEqual([path, false]);
    }
    // One of them signs out.
    cookie = await server.signIn();
  });

  it("and reads nothing by a script of its own", async () => {
    expect((await send("topology.list", { method: "GET", headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
    expect((await send("topology.list", { method: "GET", headers: { "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });

  it("by eight origins on every socket", async () => {
    const { port } = server;
    const origins = [EVIL, "null", "", `https://localhost:${port}`, `http://localhost:${port + 1}`, `http://localhost:${port}.evil.example`, `http://localhost:${port}/`, `http://LOCALHOST.:${port}`];
    for (const origin of origins) {
      for (const [path, status] of [["/api/ws", 403], ["/agent", 400]] as const) {
        const answered = await upgradeStatus(`ws://127.0.0.1:${port}${path}`, { cookie, ...(origin ? { origin } : {}) });
        expect([origin, path, answered]).toEqual([origin, path, status]);
      }
    }
  });
});
