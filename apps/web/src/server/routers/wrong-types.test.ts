import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BATCH_CALLS_MAX } from "../http/trpc-http";
import { INPUTS, TOPOLOGY } from "../testing/procedure-inputs";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";
import { appRouter } from "./app-router";

let inLoops = 0;
afterAll(({}, file) => console.info(badInputCount("I", file, inLoops)));

/** Fields that may be null; a box of a layout patch, to take it out. */
const NULLABLE = new Set(["port", "routeTableId", "networkAclId", "webServer", "target", "ports", "remote", "vpc-00000001", "topology", "before", "desired", "firewall", "current", "classId", "cursor"]);
/** Every field may be left out. */
const TAKES_EMPTY = new Set(["audit.export"]);
/** Takes nothing. */
const WITHOUT_INPUT = [
  "auth.me", "auth.signOut", "account.get", "account.sessions", "account.endOtherSessions", "user.list", "class.list", "invitation.list", "topology.list", "host.list", "host.overview", "host.rotateKey", "audit.verify",
];

/** Not served over HTTP; `presence.test.ts` spoils its input. */
const BY_SOCKET = new Set(["live.point"]);

/** Not taken in a batch. */
const SENT_ALONE = new Set(["auth.signIn", "auth.setUp", "auth.register"]);

type Path = readonly (string | number)[];

/** Every field of a value, inner ones included. */
function* fieldsOf(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    yield { path: at, value: inner };
    yield* fieldsOf(inner, at);
  }
}

const WRONG: Record<string, readonly unknown[]> = {
  string: [true, 7, [], ["x"], {}, { contains: "" }, { not: "" }, { toString: "x" }],
  number: [true, "1", "0x50", "1e3", [], [1], {}, 1.5, 1e308, { gt: 0 }],
  boolean: ["true", 0, 1, [], {}],
  object: [true, 7, "x", [], [{}], { unknown: 1 }],
  array: [true, 7, "x", {}, { length: 0 }, [[]], ["x", null]],
};
const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);
/** A coordinate may have a fraction. */
const wrongFor = (value: unknown, field: string | number): readonly unknown[] => [
  ...(WRONG[typeOf(value)] ?? []).filter((wrong) => !((field === "x" || field === "y") && wrong === 1.5)),
  ...(NULLABLE.has(String(field)) ? [] : [null]),
];

function replaced(value: unknown, [key, ...rest]: Path, wrong: unknown): unknown {
  if (key === undefined) return wrong;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, wrong);
  return copy;
}

describe("a value of a wrong type is refused with SCHEMA and its field, by every procedure", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
  const typeOfProcedure = (path: string) => procedures.find(([name]) => name === path)?.[1]._def.type;

  /** As batches, so that an input may be anything; `undefined` is no input at all. */
  async function call(path: string, inputs: readonly unknown[]) {
    const headers = { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1" };
    const answers: { code: string | undefined; paths: Path[] }[] = [];
    const atOnce = SENT_ALONE.has(path) ? 1 : BATCH_CALLS_MAX;
    for (let at = 0; at < inputs.length; at += atOnce) {
      const some = inputs.slice(at, at + atOnce);
      const url = `${server.origin}/api/trpc/${some.map(() => path).join(",")}?batch=1`;
      const batch = JSON.stringify({ ...some });
      const response = typeOfProcedure(path) === "query"
        ? await fetch(`${url}&input=${encodeURIComponent(batch)}`, { headers })
        : await fetch(url, { method: "POST", headers, body: batch });
      const parts = (await response.json()) as { error?: { data: { code: string; issues?: { path: Path }[] } } }[];
      expect(parts).toHaveLength(some.length);
      answers.push(...parts.map(({ error }) => ({ code: error?.data.code, paths: (error?.data.issues ?? []).map((issue) => issue.path) })));
    }
    return answers;
  }

  it("there is an input to spoil for every procedure", () => {
    const taking = procedures.filter(([path, { _def: { type } }]) => type !== "subscription" && !BY_SOCKET.has(path)).map(([path]) => path);
    expect([...new Set(INPUTS.map(([path]) => path)), ...WITHOUT_INPUT].sort()).toEqual(taking.sort());
  });

  it.each(INPUTS)("%s %s", async (path, _, input) => {
    expect((await call(path, [input]))[0]?.code).not.toBe("SCHEMA");
    const whole = [undefined, null, true, 7, "x", [], [input], ...(TAKES_EMPTY.has(path) ? [] : [{}]), { ...input, ownerId: TOPOLOGY }];
    expect((await call(path, whole)).map(({ code }, i) => [whole[i], code])).toEqual(whole.map((value) => [value, "SCHEMA"]));
    const spoilt = [...fieldsOf(input)].flatMap((field) => wrongFor(field.value, field.path.at(-1) ?? "").map((wrong) => ({ at: field.path, wrong })));
    const answers = await call(path, spoilt.map(({ at, wrong }) => replaced(input, at, wrong)));
    inLoops += whole.length + spoilt.length;
    for (const [i, { at, wrong }] of spoilt.entries()) {
      const { code, paths = [] } = answers[i] ?? {};
      expect([at, wrong, code]).toEqual([at, wrong, "SCHEMA"]);
      // The wrong field, what it stands in, or what stands in it.
      const near = paths.some((path) => path.length > 0 && path.slice(0, at.length).every((part, j) => part === at[j]));
      expect([at, wrong, paths, near]).toEqual([at, wrong, paths, true]);
    }
    expect(await (await fetch(`${server.origin}/healthz`)).json()).toEqual({ status: "ok" });
  });
});
