import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SMALL_ORDER_KEYS } from "@vpclab/shared/testing/small-order-keys";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { EnrolBodySchema, EnrolRequestSchema } from "@vpclab/shared/wire/messages";
import type { SigningKey } from "../link/ed25519";
import { generateSigningKey, importPublicKey } from "../link/ed25519";
import { openEnvelope, sealEnvelope } from "../link/envelope";
import { parseServerAddress } from "../link/server-address";
import { readIdentity } from "../state/identity";
import { openStateDir } from "../state/state-dir";
import { enrol } from "./enrol";
import { readToken } from "./read-token";

const SECRET = "S3cretS3cretS3cretS3cretS3cretS3cretS3cretS";
const serverKey = generateSigningKey();
const keySetOf = (key: SigningKey, version = 1) => sealEnvelope(PAYLOAD_TYPE.keySet, { v: 1, version, jobKey: key.text }, key);
const tokenFor = (keyId: string): string => `vpcj1.${keyId}.AAAAAAAAAAAAAAAAAAAAAA.${SECRET}`;

/** A server that writes down every byte it gets. */
class RecordingServer {
  received = "";
  answers: Record<string, { status: number; body: unknown; location?: string }> = {};
  readonly #server: Server = createServer((request, response) => {
    void this.#read(request).then(() => {
      const { status, body, location } = this.answers[`${request.method} ${request.url}`] ?? { status: 404, body: {} };
      response.writeHead(status, { "content-type": "application/json", ...(location ? { location } : {}) }).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  body: unknown = null;

  async listen(path: string): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(path, resolve));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #read(request: IncomingMessage): Promise<void> {
    this.received += JSON.stringify([request.method, request.url, request.rawHeaders]);
    let text = "";
    for await (const chunk of request) text += String(chunk);
    this.received += text;
    if (text !== "") this.body = JSON.parse(text);
  }
}

describe("enrolment", () => {
  let root: string;
  let stateDir: string;
  let server: RecordingServer;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vpclab-enrol-"));
    stateDir = await openStateDir(join(root, "state"));
    server = await new RecordingServer().listen(join(root, "server.sock"));
    server.answers = {
      "GET /agent/v1/keys": { status: 200, body: { v: 1, jobKey: serverKey.text, keySet: keySetOf(serverKey) } },
      "POST /agent/v1/enrol": { status: 200, body: { agentId: "host-1", jobKey: serverKey.text, state: "pending" } },
    };
  });
  afterEach(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  const url = (): string => `ws+unix://${join(root, "server.sock")}:/agent`;
  const enrolWith = async (text: string) =>
    enrol({ stateDir, address: parseServerAddress(url()), url: url(), token: await readToken(null, Readable.from([text])), hostName: "lab1", mode: "sandbox" });

  it("proves that it holds its key, and pins the server's", async () => {
    expect(await enrolWith(`${tokenFor(serverKey.keyId)}\n`)).toMatchObject({ agentId: "host-1" });
    const request = EnrolRequestSchema.parse(server.body);
    const identity = await readIdentity(stateDir);
    expect(identity).toMatchObject({ agentId: "host-1", serverKey: { text: serverKey.text }, url: url() });
    const own = importPublicKey(identity!.agentKey.text);
    const proof = own.ok && openEnvelope(request.hello, PAYLOAD_TYPE.enrol, own.value);
    if (!proof || !proof.ok) throw new Error("no proof");
    expect(EnrolBodySchema.parse(JSON.parse(new TextDecoder().decode(proof.value)))).toMatchObject({ publicKey: identity!.agentKey.text, tokenId: request.tokenId, hostName: "lab1" });
  });

  it("sends nothing of the secret to a server with another key", async () => {
    await expect(enrolWith(tokenFor(generateSigningKey().keyId))).rejects.toMatchObject({ code: "KEY_UNKNOWN" });
    expect(server.received).toContain("/agent/v1/keys");
    expect(server.received).not.toContain(SECRET);
    expect(await readIdentity(stateDir)).toBeNull();
  });

  it.each<[string, RecordingServer["answers"], RegExp]>([
    ["a redirect", { "GET /agent/v1/keys": { status: 302, body: {}, location: "http://198.51.100.9/" } }, /did not show its key/],
    ["no JSON", { "GET /agent/v1/keys": { status: 200, body: "<html>" } }, /not what a vpclab server says/],
    ["a key twice", { "GET /agent/v1/keys": { status: 200, body: `{"v":1,"jobKey":"x","jobKey":"${serverKey.text}"}` } }, /twice/],
  ])("sends nothing of the secret to a server that answers with %s", async (_name, answers, words) => {
    Object.assign(server.answers, answers);
    await expect(enrolWith(tokenFor(serverKey.keyId))).rejects.toThrow(words);
    expect(server.received).not.toContain(SECRET);
  });

  /** E-5: also with the token that names such a key, and a key set whose one signature such a key may verify. */
  it.each(SMALL_ORDER_KEYS)("sends nothing of the secret to a server with a key of small order: %s", async (_, { keyId, text, signature }) => {
    const sealed = sealEnvelope(PAYLOAD_TYPE.keySet, { v: 1, version: 1, jobKey: text }, serverKey);
    const keySet = { ...sealed, signatures: [{ keyid: keyId, sig: Buffer.from(signature).toString("base64") }] };
    server.answers["GET /agent/v1/keys"] = { status: 200, body: { v: 1, jobKey: text, keySet } };
    await expect(enrolWith(tokenFor(keyId))).rejects.toMatchObject({ code: "KEY_UNKNOWN", message: expect.stringMatching(/small order|canonical form/) as string });
    expect(server.received).not.toContain(SECRET);
    expect(await readIdentity(stateDir)).toBeNull();
  });

  it("stores nothing when the server refuses, answers with another key, or with nonsense", async () => {
    const answers: [unknown, number, RegExp][] = [
      [{ error: { code: "UNAUTHENTICATED", publicMessage: "This token was used \u001b[2Jalready." } }, 401, /was used ·\[2Jalready/],
      [{ agentId: "host-1", jobKey: generateSigningKey().text, state: "pending" }, 200, /another key/], [{ agentId: "host-1" }, 200, /not understood/],
    ];
    for (const [body, status, words] of answers) {
      server.answers["POST /agent/v1/enrol"] = { status, body };
      await expect(enrolWith(tokenFor(serverKey.keyId))).rejects.toThrow(words);
      expect(await readIdentity(stateDir)).toBeNull();
    }
    server.answers["POST /agent/v1/enrol"] = { status: 200, body: { agentId: "host-1", jobKey: serverKey.text, state: "pending" } };
    await enrolWith(tokenFor(serverKey.keyId));
    await expect(enrolWith(tokenFor(serverKey.keyId))).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("says which server cannot be reached", async () => {
    await server.close();
    await expect(enrolWith(tokenFor(serverKey.keyId))).rejects.toThrow(/server\.sock cannot be reached/);
  });
});

describe("a join token", () => {
  const read = (text: string) => readToken(null, Readable.from([text]));

  it.each(["", "vpcj1", "vpcj2.a.b.c", tokenFor("short"), `${tokenFor(serverKey.keyId)}.more`, tokenFor(serverKey.keyId).slice(0, 70), `${tokenFor(serverKey.keyId)} x`, "x".repeat(5000)])(
    "is refused when it is %j, without being repeated", async (text) => {
      const error = await read(text).then(() => null, (thrown: Error) => thrown);
      expect(error?.message).toMatch(/^Join token: /);
      expect(error?.message).not.toContain(SECRET.slice(0, 10));
    });

  it("is read from a file that only its owner can read", async () => {
    const dir = await mkdtemp(join(tmpdir(), "vpclab-token-"));
    const file = join(dir, "token");
    await writeFile(file, tokenFor(serverKey.keyId), { mode: 0o600 });
    expect(await readToken(file, Readable.from([]))).toMatchObject({ secret: SECRET });
    await chmod(file, 0o644);
    await expect(readToken(file, Readable.from([]))).rejects.toThrow(/chmod 600/);
    await rm(dir, { recursive: true });
  });
});
