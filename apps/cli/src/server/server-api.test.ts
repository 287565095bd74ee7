import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { openServerApi, type ServerApi } from "./server-api";

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const refusal = (retryAfterS: number) => [{ error: { message: "x", code: -32029, data: { code: "RATE_LIMITED", publicMessage: "At most 10 applies within a minute.", retryAfterS } } }];
const success = [{ result: { data: { jobId: A_UUID, generation: 3 } } }];

describe("calls to a server", () => {
  const closing: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** A server that gives these answers one after the other, and what it was sent. */
  async function answering(...answers: unknown[]): Promise<{ api: ServerApi; origin: string; seen: IncomingHttpHeaders[] }> {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answers.shift()));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const api = openServerApi(origin, "vpclab-1=secret");
    closing.push(() => api.close(), () => void server.close());
    return { api, origin, seen };
  }

  it("say that they are no other site's: the header of our own and the server's own origin", async () => {
    const { api, origin, seen } = await answering(success);
    await api.mutate("deployment.applyNewest", { id: A_UUID });
    expect(seen[0]).toMatchObject({ "x-vpclab": "1", origin, cookie: "vpclab-1=secret", "content-type": "application/json" });
  });

  it("that come too often are made again when the server says, and succeed", async () => {
    const { api, seen } = await answering(refusal(1), refusal(0), success);
    const started = performance.now();
    expect(await api.mutate("deployment.applyNewest", { id: A_UUID })).toEqual({ jobId: A_UUID, generation: 3 });
    expect(seen).toHaveLength(3);
    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
  });

  it("that would have to wait for longer than a minute fail with the server's words", async () => {
    const { api } = await answering(refusal(61));
    await expect(api.mutate("deployment.applyNewest", { id: A_UUID })).rejects.toMatchObject({ code: "RATE_LIMITED", message: "At most 10 applies within a minute." });
  });
});
