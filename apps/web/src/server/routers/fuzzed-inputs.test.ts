import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { seededRandom } from "@vpclab/shared/testing/builders";
import { chooserOf } from "@vpclab/shared/testing/choose";
import type { Choose } from "@vpclab/shared/testing/choose";
import { mutateBytes } from "@vpclab/shared/testing/fuzz-json";
import { decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ZodType } from "zod";
import { INPUTS } from "../testing/procedure-inputs";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";
import { appRouter } from "./app-router";

let executions = 0;
afterAll(({}, file) => console.info(badInputCount("F, I", file, executions)));

const OF_SCHEMAS = 20_000;
const OF_CALLS = 400;
const LIMITS = { bytesMax: 65_536, depthMax: 32, valuesMax: 10_000, stringBytesMax: 65_536, integersOnly: false };
/** Of a live server these would end the session, replace the key, or spend a real hash on each try. */
const NOT_CALLED = new Set(["auth.signOut", "host.rotateKey", "auth.signIn", "auth.setUp", "auth.register", "account.changePassword", "account.endOtherSessions", "user.setRole", "user.setDisabled", "user.remove"]);
const STRANGE: readonly unknown[] = [
  null, true, 0, -1, 1.5, 2 ** 53, 1e308, "", "x".repeat(5_000), "../../etc/passwd", "\u202e", "\u0000", "' OR 1=1 --", "${7*7}", "10.0.0.0/33", "::1", [], {}, [[]], [{}], { not: "" }, { $ne: null }, { toString: 1 },
  { length: 1e9 }, { then: "x" }, { toJSON: "x" }, { valueOf: null },
];

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string; inputs: ZodType[] } }>;

/** Bytes that chance has changed, when they are still JSON; else the input with one of its values, at any depth, exchanged. */
function spoilt(input: Record<string, unknown>, choose: Choose): unknown {
  const decoded = choose.chance(0.5) ? decodeStrictJson(mutateBytes(new TextEncoder().encode(JSON.stringify(input)), choose), LIMITS) : null;
  if (decoded?.ok) return decoded.value;
  const copy = structuredClone(input);
  let holder: Record<string, unknown> = copy;
  for (;;) {
    const key = choose.maybe(Object.keys(holder));
    const value = key === undefined ? undefined : holder[key];
    if (typeof value === "object" && value !== null && choose.chance(0.7) && Object.keys(value).length > 0) {
      holder = value as Record<string, unknown>;
      continue;
    }
    holder[key ?? "extra"] = choose.of(STRANGE);
    return copy;
  }
}

describe("inputs that chance has made", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  it(`are taken or refused by every input's schema, ${OF_SCHEMAS} times`, () => {
    const choose = chooserOf(seededRandom(180));
    let taken = 0;
    for (let i = 0; i < OF_SCHEMAS; i++) {
      const [path, , input] = choose.of(INPUTS);
      const value = spoilt(input, choose);
      for (const schema of procedures[path]?._def.inputs ?? []) {
        const parsed = schema.safeParse(value);
        taken += parsed.success ? 1 : 0;
      }
      executions += 1;
    }
    console.info(`inputs: ${executions} executions, ${taken} taken`);
    expect(taken).toBeGreaterThan(OF_SCHEMAS / 100);
    expect(taken).toBeLessThan(OF_SCHEMAS);
    expect(({} as Record<string, unknown>)["extra"]).toBeUndefined();
  });

  it(`are answered without a 5xx, a stack or a query by the server, ${OF_CALLS} times`, async () => {
    const choose = chooserOf(seededRandom(181));
    const callable = INPUTS.filter(([path]) => !NOT_CALLED.has(path));
    const headers = { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1" };
    const statuses = new Map<number, number>();
    for (let i = 0; i < OF_CALLS; i++) {
      const [path, , input] = choose.of(callable);
      const text = JSON.stringify(spoilt(input, choose));
      const response = procedures[path]?._def.type === "query"
        ? await fetch(`${server.origin}/api/trpc/${path}?input=${encodeURIComponent(text)}`, { headers })
        : await fetch(`${server.origin}/api/trpc/${path}`, { method: "POST", headers, body: text });
      const answer = await response.text();
      expect([path, text, response.status < 500 || response.status === 503]).toEqual([path, text, true]);
      expect([path, text, /node_modules|\bat \S+ \(|prisma|SELECT |\.ts:\d/i.test(answer)]).toEqual([path, text, false]);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      executions += 1;
    }
    console.info(`calls: ${JSON.stringify(Object.fromEntries(statuses))}`);
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
  });
});
