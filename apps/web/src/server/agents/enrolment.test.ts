import { SMALL_ORDER_KEYS } from "@vpclab/shared/testing/small-order-keys";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { keyIdOf } from "@vpclab/shared/wire/public-key";
import { sealEnvelope } from "../signing/envelope";
import { enrolRequest, FakeAgent, newAgentKey, postEnrol } from "../testing/fake-agent";
import { databaseKinds } from "../testing/test-database";
import { closeCodeAfter } from "../testing/raw-socket";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";
import { until } from "../testing/until";

afterAll(({}, file) => console.info(badInputCount("K", file)));

describe.each(databaseKinds())("enrolment on %s", (kind) => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    server = await startTestServer(kind);
    token = server.joinToken ?? "";
  });
  afterAll(() => server.close());

  it("shows the key that the token's fingerprint names", async () => {
    const { jobKey } = (await (await fetch(`${server.origin}/agent/v1/keys`)).json()) as { jobKey: string };
    expect(token.split(".").slice(0, 2)).toEqual(["vpcj1", keyIdOf(new Uint8Array(Buffer.from(jobKey, "base64url")))]);
  });

  it("refuses what does not prove that the sender holds the key, and does not use the token up for it", async () => {
    const key = newAgentKey();
    const good = enrolRequest(token, key);
    const other = newAgentKey();
    const wrong: [string, unknown, number][] = [
      ["signed by another key", { ...good, hello: enrolRequest(token, other, { publicKey: key.publicKey }).hello }, 401],
      ["made for another token", enrolRequest(token, key, { tokenId: "AAAAAAAAAAAAAAAAAAAAAA" }), 401],
      ["signed as something else", { ...good, hello: { ...good.hello, payloadType: PAYLOAD_TYPE.agentHello } }, 401],
      ...SMALL_ORDER_KEYS.map(([name, { keyId, text, signature }]): [string, unknown, number] =>
        [`a key of small order: ${name}`, enrolRequest(token, { keyId, publicKey: text, sign: () => signature }), 401]),
      ["a key of wrong length", enrolRequest(token, key, { publicKey: key.publicKey.slice(2) }), 401],
      ["two signatures", { ...good, hello: { ...good.hello, signatures: [...good.hello.signatures, ...good.hello.signatures] } }, 401],
      ["a field too much", { ...good, approved: true }, 400],
      ["a wrong secret", { ...good, secret: `${good.secret.slice(1)}A` }, 401],
      ["an unknown token", { ...enrolRequest(`vpcj1.x.AAAAAAAAAAAAAAAAAAAAAA.${good.secret}`, key) }, 401],
    ];
    for (const [what, request, status] of wrong) expect([what, (await postEnrol(server.origin, request)).status]).toEqual([what, status]);
    const fromBrowser = await fetch(`${server.origin}/agent/v1/enrol`, { method: "POST", headers: { origin: server.origin }, body: JSON.stringify(good) });
    expect(fromBrowser.status).toBe(401);
    expect((await postEnrol(server.origin, { padding: "x".repeat(20_000) })).status).toBe(413);
  });

  it("lets exactly one of many in with one token, and nobody after", async () => {
    const keys = Array.from({ length: 40 }, newAgentKey);
    const statuses = await Promise.all(keys.map(async (key) => (await postEnrol(server.origin, enrolRequest(token, key))).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(39);
    expect((await postEnrol(server.origin, enrolRequest(token, newAgentKey()))).status).toBe(401);
    const hosts = await (await server.client()).host.list.query();
    expect(hosts).toEqual([expect.objectContaining({ name: "fake-host", online: false, mode: "sandbox" })]);
  });

  it("gives no token in the ready line once the local host is there", async () => {
    await server.restart();
    expect(server.joinToken).toBeNull();
  });
});

describe("the handshake of an agent", () => {
  let server: TestServer;
  let agent: FakeAgent;
  const url = () => `ws://127.0.0.1:${server.port}/agent`;
  beforeAll(async () => {
    server = await startTestServer(databaseKinds().at(-1) ?? "embedded", { times: { helloMs: 2_000 } });
    const key = newAgentKey();
    const response = await postEnrol(server.origin, enrolRequest(server.joinToken ?? "", key));
    agent = new FakeAgent({ ...((await response.json()) as { agentId: string; jobKey: string }), key });
  });
  afterAll(() => server.close());

  const online = async () => (await (await server.client()).host.list.query())[0]?.online === true;

  it("refuses a wrong key, an unknown agent, and a hello of another connection", async () => {
    const { identity } = agent;
    await expect(new FakeAgent({ ...identity, key: newAgentKey() }).connect(url())).rejects.toThrow("1008");
    await expect(new FakeAgent({ ...identity, agentId: "6f9619ff-8b86-4011-b42d-00c04fc964ff" }).connect(url())).rejects.toThrow("1008");
    await expect(new FakeAgent({ ...identity, agentId: "no-uuid" }).connect(url())).rejects.toThrow("1008");
    const replayed = sealEnvelope(PAYLOAD_TYPE.agentHello, { v: 1, agentId: identity.agentId, serverNonce: "A".repeat(22), agentNonce: "B".repeat(22), joinSeq: 0, mode: "sandbox", kernel: "", version: "", publicPool: false }, identity.key);
    expect(await closeCodeAfter(url(), JSON.stringify({ type: "hello", hello: replayed }))).toBe(1008);
    expect(await online()).toBe(false);
  });

  it.each([
    ["nothing at all", null, 1008],
    ["a message before the hello", JSON.stringify({ type: "inventory", topologies: [] }), 1008],
    ["an unknown message", JSON.stringify({ type: "shell" }), 1008],
    ["a server's message", JSON.stringify({ type: "challenge", v: 1, serverNonce: "A".repeat(22) }), 1008],
    ["what is no JSON", "{", 1008],
    ["a key twice", `{"type":"inventory","type":"hello"}`, 1008],
    ["a binary frame", Buffer.from("{}"), 1003],
    ["more than a mebibyte", " ".repeat(1024 * 1024 + 1), 1009],
  ])("ends the connection after %s", async (_, frame, code) => {
    expect(await closeCodeAfter(url(), frame)).toBe(code);
  });

  it("accepts the enrolled agent, on the port and on the local socket, and only once a connection", async () => {
    await agent.connect(url());
    await until(online);
    agent.send({ type: "hello", hello: sealEnvelope(PAYLOAD_TYPE.agentHello, {}, agent.identity.key) });
    await until(() => agent.closeCode === 1008);
    await agent.connect(`ws+unix:${server.agentSocket}:/agent`);
    await until(online);
  });

  it("the newest connection takes over, the older one is closed", async () => {
    const twin = new FakeAgent(agent.identity);
    await twin.connect(url());
    await until(() => agent.closeCode === 1008);
    await until(online);
    twin.cut();
    await until(async () => !(await online()));
  });
});
