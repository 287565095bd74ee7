import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standardDatabase } from "../testing/test-database";
import { clientFor, startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { failureOf } from "../testing/wire-failure";

afterAll(({}, file) => console.info(badInputCount("I", file)));

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

describe("requests that a browser page of ours does not make are refused", () => {
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
  });
  afterAll(() => server.close());

  const post = async (path: string, init: RequestInit) => {
    const cookie = await server.signIn();
    return fetch(`${server.origin}/api/trpc/${path}`, { method: "POST", ...init, headers: { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1", ...(init.headers as Record<string, string>) } });
  };
  const body = JSON.stringify({ name: "forged", template: "empty" });

  it.each([
    ["from another site", { headers: { origin: "https://evil.example" } }, 403],
    ["from nowhere", { headers: { origin: "null" } }, 403],
    ["from another port", { headers: { origin: "http://127.0.0.1:1" } }, 403],
    ["as a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
    ["as multipart", { headers: { "content-type": "multipart/form-data; boundary=x" } }, 415],
    ["as text", { headers: { "content-type": "text/plain" } }, 415],
  ])("%s", async (_, init, status) => {
    expect((await post("topology.create", { ...init, body })).status).toBe(status);
    expect((await client.topology.list.query()).map(({ name }) => name)).not.toContain("forged");
  });

  it("by another method", async () => {
    const headers = { cookie: await server.signIn(), origin: server.origin };
    expect((await fetch(`${server.origin}/api/trpc/topology.create?input=${encodeURIComponent(body)}`, { headers })).status).toBe(405);
    expect((await fetch(`${server.origin}/api/trpc/topology.list`, { method: "DELETE", headers })).status).toBe(405);
    expect((await fetch(`${server.origin}/api/trpc/topology.list`, { method: "HEAD", headers })).status).toBe(405);
    expect((await client.topology.list.query()).map(({ name }) => name)).not.toContain("forged");
  });

  it("larger than a mebibyte, or more than ten at once", async () => {
    expect((await post("topology.create", { body: JSON.stringify({ name: "x".repeat(1_100_000), template: "empty" }) })).status).toBe(413);
    const headers = { cookie: await server.signIn() };
    const batch = (n: number) => fetch(`${server.origin}/api/trpc/${Array(n).fill("topology.list").join(",")}?batch=1&input=%7B%7D`, { headers });
    expect((await batch(10)).status).toBe(200);
    expect((await batch(11)).status).toBe(400);
  });

  it("as something that is not JSON", async () => {
    const response = await post("topology.create", { body: "{" });
    expect([response.status, ((await response.json()) as { error: { data: { code: string } } }).error.data.code]).toEqual([400, "JSON_SYNTAX"]);
  });

  it("more often within a minute than anybody needs to", async () => {
    const cookie = await server.signIn();
    const headers = { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1" };
    const apply = (times: number) => fetch(`${server.origin}/api/trpc/${Array(times).fill("deployment.applyNewest").join(",")}?batch=1`, {
      method: "POST", headers, body: JSON.stringify({ ...Array<unknown>(times).fill({ id: A_UUID }) }),
    });
    const answers: Response[] = [];
    for (let round = 0; round < 10 && !answers.some(({ status }) => status === 429); round++) {
      answers.push(...(await Promise.all(Array.from({ length: 20 }, () => apply(10)))));
    }
    // 300, and what has come back meanwhile; a batch may be let in by half.
    const codes = (await Promise.all(answers.map((answer) => answer.clone().json() as Promise<{ error: { data: { code: string } } }[]>))).flat().map(({ error }) => error.data.code);
    expect(codes.filter((code) => code === "NOT_FOUND").length).toBeGreaterThanOrEqual(300);
    const refused = answers.find(({ status }) => status === 429) as Response;
    const errors = ((await refused.json()) as { error: { data: { code: string; publicMessage: string; retryAfterS: number } } }[]).map(({ error }) => error.data);
    expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, Math.max(...errors.map(({ retryAfterS }) => retryAfterS))]);
    expect(errors[0]).toMatchObject({ code: "RATE_LIMITED", publicMessage: expect.stringMatching(/^At most 300 applies and teardowns within a minute\. Try again in /), traceId: expect.any(String) });
    expect(await client.topology.list.query()).toEqual(expect.any(Array));
  });

  it("for a subscription over plain HTTP", async () => {
    const { client: other, close } = clientFor(server.origin, {});
    expect((await failureOf(other.auth.me.query())).code).toBe("UNAUTHENTICATED");
    await close();
    const headers = { cookie: await server.signIn() };
    const response = await fetch(`${server.origin}/api/trpc/live.topology?input=${encodeURIComponent(JSON.stringify({ id: A_UUID }))}`, { headers });
    expect(response.status).toBe(404);
  });
});
