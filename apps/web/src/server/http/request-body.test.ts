import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";

afterAll(({}, file) => console.info(badInputCount("E, I", file)));

const MIB = 1024 * 1024;

describe("a body is refused before anything is made of it", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  async function post(path: string, body: BodyInit) {
    const headers = { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1" };
    const response = await fetch(`${server.origin}/api/trpc/${path}`, { method: "POST", headers, body, duplex: "half" } as RequestInit);
    const { error } = (await response.json()) as { error?: { data: { code: string } } };
    return [response.status, error?.data.code ?? null];
  }
  const create = (name: string) => `{"name":${name},"template":"empty"}`;
  const imported = (document: string) => `{"name":"imported","document":${document}}`;
  const vpcs = (count: number) => `{"schemaVersion":2,"vpcs":[${Array(count).fill('{"id":"vpc-00000001","name":"a"}').join(",")}]}`;

  it.each<[string, () => string | Uint8Array<ArrayBuffer>, [number, string]]>([
    ["a million objects", () => imported(vpcs(1_000_000)), [413, "TOO_LARGE"]],
    ["one byte more than a mebibyte", () => create(`"${"x".repeat(MIB + 1 - create('""').length)}"`), [413, "TOO_LARGE"]],
    ["more values than any topology has", () => imported(`[${"0,".repeat(200_000)}0]`), [400, "JSON_LIMIT"]],
    ["half a million lists in each other", () => imported("[".repeat(500_000) + "]".repeat(500_000)), [400, "JSON_LIMIT"]],
    ["33 objects in each other", () => imported('{"a":'.repeat(33) + "0" + "}".repeat(33)), [400, "JSON_LIMIT"]],
    ["a number that is infinite", () => imported("1e400"), [400, "JSON_LIMIT"]],
    ["a key twice", () => '{"name":"one","name":"two","template":"empty"}', [400, "JSON_DUPKEY"]],
    ["a key twice, once escaped", () => '{"name":"one","n\\u0061me":"two","template":"empty"}', [400, "JSON_DUPKEY"]],
    ["a prototype", () => '{"name":"one","template":"empty","__proto__":{"x":1}}', [400, "JSON_SYNTAX"]],
    ["half a surrogate pair", () => create('"\\ud800"'), [400, "JSON_SYNTAX"]],
    ["invalid UTF-8", () => new Uint8Array(Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('","template":"empty"}')])), [400, "JSON_SYNTAX"]],
    ["overlong UTF-8", () => new Uint8Array(Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('","template":"empty"}')])), [400, "JSON_SYNTAX"]],
    ["UTF-16", () => new Uint8Array(Buffer.from(create('"utf"'), "utf16le")), [400, "JSON_SYNTAX"]],
    ["a byte order mark", () => `\ufeff${create('"bom"')}`, [400, "JSON_SYNTAX"]],
    ["two documents", () => create('"one"') + create('"two"'), [400, "JSON_SYNTAX"]],
    ["a comment", () => `/* */${create('"one"')}`, [400, "JSON_SYNTAX"]],
    ["a comma at the end", () => '{"name":"one","template":"empty",}', [400, "JSON_SYNTAX"]],
    ["nothing", () => "", [400, "JSON_SYNTAX"]],
    ["YAML with anchors", () => "a: &a [x,x]\nb: [*a,*a]\n", [400, "JSON_SYNTAX"]],
    ["a list in place of an object", () => `[${create('"one"')}]`, [400, "JSON_SYNTAX"]],
  ])("%s", async (_, body, expected) => {
    expect(await post(body().toString().includes('"document"') ? "topology.import" : "topology.create", body())).toEqual(expected);
  });

  it("256 KiB and more in a call that carries no document", async () => {
    const renamed = (bytes: number) => `{"id":"6f9619ff-8b86-4011-b42d-00c04fc964ff","name":"${"x".repeat(bytes)}"}`;
    expect(await post("topology.rename", renamed(257 * 1024))).toEqual([413, "TOO_LARGE"]);
    expect(await post("topology.rename,topology.remove?batch=1", renamed(257 * 1024))).toEqual([413, "TOO_LARGE"]);
    expect(await post("topology.rename", renamed(255 * 1024))).toEqual([400, "NAME_LENGTH"]);
  });

  it("a body without a length is read no further than a mebibyte, and is answered", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 64 * 1024;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
        if (sent > 8 * MIB) controller.close();
      },
    });
    expect(await post("topology.create", endless)).toEqual([413, "TOO_LARGE"]);
  });

  it("and the server goes on", async () => {
    expect(await post("topology.create", create('"after"'))).toEqual([200, null]);
  });
});
