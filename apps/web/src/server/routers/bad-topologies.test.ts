import { createHook } from "node:async_hooks";
import { LAB } from "@vpclab/shared/testing/bad-input";
import type { BadInput } from "@vpclab/shared/testing/bad-input";
import { BAD_INPUTS } from "@vpclab/shared/testing/bad-inputs";
import { BAD_NAMES } from "@vpclab/shared/testing/bad-names";
import type { WireError } from "@vpclab/shared/errors/app-error";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { COLLECTION, EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { ObjectKind, TopologyObject } from "@vpclab/shared/topology/topology";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BODY_BYTES_MAX } from "../http/trpc-http";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { failureOf } from "../testing/wire-failure";

type Fields = Record<string, unknown> & { id: string };
const kinds = Object.keys(COLLECTION) as ObjectKind[];
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** The one edit that makes `after` of `before` by adding and changing; both may be invalid. Null where there is none. */
function editBetween(before: unknown, after: unknown): EditCommand | null {
  if (!isRecord(before) || !isRecord(after) || kinds.some((kind) => !Array.isArray(after[COLLECTION[kind]]))) return null;
  const commands = kinds.flatMap((kind): unknown[] => {
    const known = new Map((before[COLLECTION[kind]] as Fields[]).map((object) => [object.id, object]));
    const now = after[COLLECTION[kind]] as Fields[];
    if (now.some((object) => !isRecord(object))) return [null];
    if ([...known.keys()].some((id) => now.every((object) => object.id !== id))) return [null];
    return now.flatMap((object): unknown[] => {
      const old = known.get(object.id);
      // Two of one id are one that is there and one that is new.
      known.delete(object.id);
      if (!old) return [{ op: "create", kind, object }];
      const set = Object.fromEntries(Object.entries(object).filter(([field, value]) => JSON.stringify(old[field]) !== JSON.stringify(value)));
      return Object.keys(set).length > 0 ? [{ op: "update", kind, id: object.id, set }] : [];
    });
  });
  return commands.length === 0 || commands.includes(null) ? null : ({ op: "batch", commands } as EditCommand);
}

/** The document that an edit would make if nobody judged it; undefined where it is about deletion, which has no document. */
function documentAfter(edit: unknown): unknown {
  const document = structuredClone(LAB) as unknown as Record<string, Fields[]>;
  for (const command of isRecord(edit) && edit["op"] === "batch" ? (edit["commands"] as unknown[]) : [edit]) {
    if (!isRecord(command)) return undefined;
    const list = document[COLLECTION[command["kind"] as ObjectKind]];
    if (!list) return undefined;
    if (command["op"] === "create") list.push(command["object"] as Fields);
    else Object.assign(list.find(({ id }) => id === command["id"]) ?? {}, command["set"]);
  }
  return document;
}

/** Code and field of each fault, without where in its list the object stands: that differs between a file and an edit. */
const faultsOf = ({ issues = [] }: WireError, ...prefix: string[]): string[] =>
  issues.map(({ code, path }) => `${code} ${path.slice(prefix.length).join(".")}`.replace(/^(\w+ \w+)\.\d+/, "$1"));

/** What the server says of the input: its wire decoder comes before the rules, and peerings with other topologies are its own. */
function expectedHere({ id, what, attempt, expected }: BadInput): string | null {
  if (id === "B-A20") return "JSON_SYNTAX";
  if ("document" in attempt && JSON.stringify(attempt.document).length > BODY_BYTES_MAX) return "TOO_LARGE";
  if (what === "a peering with another topology" && "edit" in attempt) return "FORBIDDEN";
  return expected?.severity === "error" ? expected.code : null;
}

describe("a bad topology gets the same answer by an edit and by a file, and nothing of it is written", () => {
  let server: TestServer;
  let client: TestClient;
  let lab: string;
  /** Kinds of name look-ups that this process has made. */
  const lookups: string[] = [];
  const hook = createHook({ init: (_, type) => void (/GETADDRINFO|GETNAMEINFO|QUERYWRAP/.test(type) && lookups.push(type)) });

  /** A topology that is the lab with its own ids, at revision 2. */
  async function newLab(name: string): Promise<string> {
    const { id } = await client.topology.create.mutate({ name, template: "empty" });
    const commands = [editBetween(EMPTY_TOPOLOGY, LAB), { op: "settings", set: LAB.settings }] as EditCommand[];
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "t", commands });
    return id;
  }
  const save = (id: string, edit: unknown) => client.topology.save.mutate({ id, baseRevision: 2, clientId: "t", commands: [edit as EditCommand] });
  const upload = (name: string, document: unknown) => client.topology.import.mutate({ name, document });

  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
    lab = await newLab("lab");
    hook.enable();
  });
  afterAll(async () => {
    hook.disable();
    await server.close();
  });

  const refused = BAD_INPUTS.filter((input) => expectedHere(input) !== null);
  it.each(refused.map((input) => [input.id, short(input.what), input] as const))("%s %s", async (_id, _what, input) => {
    const { attempt, expected } = input;
    const edit = "edit" in attempt ? attempt.edit : editBetween(LAB, attempt.document);
    const document = "edit" in attempt ? documentAfter(attempt.edit) : attempt.document;
    const failures: WireError[] = [];
    if (edit !== null) failures.push(await failureOf(save(lab, edit)));
    if (document !== undefined && expectedHere(input) !== "FORBIDDEN") failures.push(await failureOf(upload("uploaded", document)));
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect([failure.code, short(failure.publicMessage)]).toEqual([expectedHere(input), short(failure.publicMessage)]);
      expect(JSON.stringify(failure)).not.toMatch(/prisma|node_modules|\bat .*:\d+:\d+/i);
      expect(failure.publicMessage).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
    const [edited, uploaded] = failures;
    // A command of a wrong shape has its own paths; else both name the same fields.
    if (edited && uploaded && failures.every(({ code }) => code !== "SCHEMA" && code !== "NAME_LENGTH")) {
      expect(faultsOf(uploaded, "document").sort()).toEqual(faultsOf(edited).sort());
    }
    // What the wire decoder refuses has no field yet.
    if (expected && uploaded?.issues) expect(faultsOf(uploaded, "document")).toContainEqual(expect.stringContaining(String(expected.path.at(-1) ?? "")));
  });

  it("nothing of all that was written, and no name was looked up", async () => {
    expect((await client.topology.list.query()).map(({ name, revision }) => [name, revision])).toEqual([["lab", 2]]);
    expect((await client.topology.get.query({ id: lab })).document).toEqual(LAB);
    expect(await client.topology.revisions.query({ id: lab })).toHaveLength(2);
    expect(lookups).toEqual([]);
  });

  const accepted = BAD_INPUTS.filter((input) => expectedHere(input) === null);
  it.each(accepted.map((input, i) => [input.id, short(input.what), i, input] as const))("is taken: %s %s", async (_id, _what, i, { attempt }) => {
    const edit = "edit" in attempt ? attempt.edit : editBetween(LAB, attempt.document);
    const document = "edit" in attempt ? documentAfter(attempt.edit) : attempt.document;
    if (edit !== null) {
      const id = await newLab(`edit${i}`);
      expect(await save(id, edit)).toEqual({ saved: true, revision: 3 });
      // What is stored is what was sent, byte by byte.
      const texts = [...JSON.stringify(edit).matchAll(/"(?:name|description)":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => text ?? "");
      const stored = JSON.stringify((await client.topology.get.query({ id })).document);
      for (const text of texts) expect(stored).toContain(text);
      await client.topology.remove.mutate({ id });
    }
    if (document === undefined) return;
    const made = await upload(`file${i}`, document);
    const count = (doc: object) => kinds.map((kind) => (doc as Record<string, TopologyObject[]>)[COLLECTION[kind]]?.length);
    const foreign = (document as typeof LAB).peerings.filter(({ remote }) => remote !== null).length;
    expect(count(made.document)).toEqual(count(document as object).map((n, k) => (kinds[k] === "peering" ? (n ?? 0) - foreign : n)));
    await client.topology.remove.mutate({ id: made.id });
  });

  const names = BAD_NAMES.flatMap(({ id, attempt, expected }) => {
    const set = "edit" in attempt && isRecord(attempt.edit) ? attempt.edit["set"] : null;
    const name = isRecord(set) ? set["name"] : undefined;
    return typeof name === "string" && expected ? [[id, short(JSON.stringify(name)), name, id === "B-A20" ? "JSON_SYNTAX" : expected.code] as const] : [];
  });
  it.each(names)("%s as a topology's name: %s", async (_id, _what, name, code) => {
    const failures = [
      await failureOf(client.topology.create.mutate({ name, template: "empty" })),
      await failureOf(upload(name, LAB)),
      await failureOf(client.topology.rename.mutate({ id: lab, name })),
      await failureOf(client.topology.duplicate.mutate({ id: lab, name })),
    ];
    // Only an import carries a document: to the others a megabyte is too much before it is a name.
    const expected = name.length > 256 * 1024 ? ["TOO_LARGE", code, "TOO_LARGE", "TOO_LARGE"] : Array<string>(4).fill(code);
    expect(failures.map((failure) => failure.code)).toEqual(expected);
    const named = expected.filter((one) => one !== "JSON_SYNTAX" && one !== "TOO_LARGE");
    expect(failures.flatMap((failure) => failure.issues?.map(({ path }) => path) ?? [])).toEqual(named.map(() => ["name"]));
  });
});
