import { request } from "node:http";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintSignIn } from "../mint-sign-in";
import { controlSocketPath } from "../start-server";
import { databaseKinds, standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";

afterAll(({}, file) => console.info(badInputCount("I", file)));

/** Status of a request whose path is sent exactly as given, without what `fetch` would tidy up. */
const statusOf = (server: TestServer, method: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<number>((resolve, reject) => {
    request({ host: "127.0.0.1", port: server.port, method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).once("error", reject).end();
  });

describe.each(databaseKinds())("sign-in by one-time link on %s", (kind) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(kind);
  });
  afterAll(() => server.close());

  const open = (link: string) => fetch(server.origin + new URL(link).pathname + new URL(link).search, { redirect: "manual" });

  it("works once, sets a cookie that scripts cannot read, and leads to the page", async () => {
    const link = await mintSignIn(controlSocketPath(server.dataDirectory));
    const first = await open(link);
    expect([first.status, first.headers.get("location")]).toEqual([303, "/"]);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^vpclab-\d+=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Expires=/);
    const second = await open(link);
    expect([second.status, second.headers.get("set-cookie")]).toEqual([401, null]);
    expect(await second.text()).toContain("npm run signin");
    const page = await fetch(server.origin, { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect([page.status, await page.text()]).toEqual([200, "page"]);
  });

  it("signs exactly one of many in who open it at once", async () => {
    const link = await mintSignIn(controlSocketPath(server.dataDirectory));
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await open(link)).status));
    expect(statuses.filter((status) => status === 303)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
  });

  it("is not used up by a program that only looks", async () => {
    const link = await mintSignIn(controlSocketPath(server.dataDirectory));
    expect((await fetch(server.origin + new URL(link).pathname + new URL(link).search, { method: "HEAD" })).status).toBe(405);
    expect((await open(link)).status).toBe(303);
  });

  it("keeps a session over a restart of the server", async () => {
    const cookie = await server.signIn();
    await server.restart();
    expect((await fetch(server.origin, { headers: { cookie } })).status).toBe(200);
  });
});

describe("requests", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
  });
  afterAll(() => server.close());

  it("for pages without a session lead to the page where one signs in, and nowhere else", async () => {
    for (const path of ["/", "/topologies/1", "/?next=//evil.example", "/any?x=/%5Cevil"]) {
      const response = await fetch(server.origin + path, { redirect: "manual" });
      expect([path, response.status, response.headers.get("location")]).toEqual([path, 303, "/signin"]);
    }
    const page = await fetch(`${server.origin}/signin`);
    expect([page.status, await page.text()]).toEqual([200, "page"]);
  });

  it("do not get past the session by headers or tricks of the path", async () => {
    const shape = { "x-middleware-subrequest": "middleware:middleware:middleware", rsc: "1", "next-action": "x" };
    expect(await statusOf(server, "GET", "/", shape)).toBe(303);
    for (const path of ["//", "//evil.example/", "/%2e%2e/", "/../x", "/a/../../etc/passwd", "/_next/../x", "/_next/%2e%2e/x", "/_next/..%2fx", "/a%00b", "/a\\b", "http://evil.example/", "/api/x", "/agent", "/agent/v1/x"]) {
      expect([path, await statusOf(server, "GET", path)]).toEqual([path, 404]);
    }
  });

  it("by other methods are refused", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"]) expect([method, await statusOf(server, method, "/")]).toEqual([method, 405]);
    expect(await statusOf(server, "POST", "/agent/v1/keys")).toBe(405);
    expect(await statusOf(server, "GET", "/agent/v1/enrol")).toBe(405);
  });

  it("carry the security headers, and no permission for other sites", async () => {
    const { headers } = await fetch(`${server.origin}/healthz`);
    expect(Object.fromEntries(headers)).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin" });
    expect(headers.get("content-security-policy")?.replace(/'nonce-[A-Za-z0-9+/]{24}'/, "'nonce-…'").split("; ")).toEqual([
      "default-src 'none'", "script-src 'self' 'nonce-…' 'strict-dynamic'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "connect-src 'self'",
      "font-src 'self'", "base-uri 'none'", "object-src 'none'", "form-action 'self'", "frame-ancestors 'none'",
    ]);
    expect(headers.get("strict-transport-security")).toBeNull();
    const preflight = await fetch(`${server.origin}/api/trpc/topology.create`, { method: "OPTIONS", headers: { origin: "https://evil.example", "access-control-request-method": "POST" } });
    expect([...preflight.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("behind https bind browsers to https, and the cookie to the host", async () => {
    const behind = await startTestServer(standardDatabase(), { config: { publicUrl: "https://lab.example" } });
    try {
      expect((await fetch(`${behind.origin}/healthz`)).headers.get("strict-transport-security")).toBe("max-age=31536000");
      expect(new URL(behind.running.ready.signIn).origin).toBe("https://lab.example");
      const link = new URL(await mintSignIn(controlSocketPath(behind.dataDirectory)));
      const answer = await fetch(`${behind.origin}/signin${link.search}`, { redirect: "manual" });
      expect(answer.headers.get("set-cookie")).toMatch(/^__Host-vpclab=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Expires=[^;]+; Secure$/);
    } finally {
      await behind.close();
    }
  });

  it.each([
    "/robots.txt", "/.env", "/.git/config", "/package.json", "/prisma/schema.prisma", "/dist/server.mjs", "/dist/server.mjs.map", "/server.js.map", "/healthz/details", "/healthz/", "/metrics", "/debug", "/keys/job-key.pem", "/setup-link",
  ])("for what other servers leave lying about get nothing: %s", async (path) => {
    const response = await fetch(server.origin + path, { redirect: "manual" });
    expect([303, 404]).toContain(response.status);
    expect(await response.text()).not.toContain("page");
  });

  it("for health say only whether it is well", async () => {
    const response = await fetch(`${server.origin}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
  });
});
