import type { Envelope } from "@vpclab/shared/wire/job";
import { decodePublicKey, fingerprintOf } from "@vpclab/shared/wire/public-key";
import { SMALL_ORDER_KEYS } from "@vpclab/shared/testing/small-order-keys";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SigningKey } from "../signing/ed25519";
import { enrol, FakeAgent, newAgentKey } from "../testing/fake-agent";
import type { AgentIdentity } from "../testing/fake-agent";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

const fingerprint = ({ publicKey }: SigningKey): string => {
  const raw = decodePublicKey(publicKey);
  return raw.ok ? fingerprintOf(raw.value) : "";
};

/** The agent's own key is replaced, on a real server: 1.3, E-5, E-9. */
describe("a new key of an agent", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let number = 0;
  let nowMs = Date.now();
  const url = () => `ws://127.0.0.1:${server.port}/agent`;
  const host = async ({ identity }: FakeAgent = agent) => (await client.host.overview.query()).hosts.find(({ id }) => id === identity.agentId)!;
  const connect = async (one: FakeAgent) => {
    await one.connect(url());
    await until(async () => (await host(one)).online);
  };
  const joined = async (): Promise<FakeAgent> => {
    const name = `host${++number}`;
    const one = new FakeAgent(await enrol(server.origin, (await client.host.mintToken.mutate({ name })).token, name));
    await client.host.approve.mutate({ id: one.identity.agentId });
    await connect(one);
    return one;
  };
  const copyOf = ({ identity }: FakeAgent, changes: Partial<AgentIdentity> = {}) => new FakeAgent({ ...identity, ...changes });
  const replacements = async ({ identity }: FakeAgent = agent) =>
    (await client.audit.list.query({ action: "agent.replace-key", limit: 100 })).entries.filter(({ object }) => object?.id === identity.agentId);
  const stateOf = async (topologyId: string) => (await client.topology.list.query()).find(({ id }) => id === topologyId)?.deployment.state;
  /** Comes with a new key; answers with both. */
  const rotated = async (): Promise<[SigningKey, SigningKey]> => {
    const [before, after] = [agent.identity.key, newAgentKey()];
    agent.identity.nextKey = after;
    await connect(agent);
    return [before, after];
  };

  beforeAll(async () => {
    server = await startTestServer(databaseKinds().at(-1) ?? "embedded", { nowMs: () => nowMs });
    client = await server.client();
  });
  beforeEach(async () => {
    agent = await joined();
  });
  afterAll(() => server.close());

  it("takes the old one's place with the welcome: the page shows it, and the audit log has both fingerprints", async () => {
    const [before, after] = await rotated();
    expect(agent.identity.key).toBe(after);
    expect(await host()).toMatchObject({ fingerprint: fingerprint(after), state: "approved", online: true });
    expect(await replacements()).toMatchObject([{
      outcome: "done", actor: { kind: "agent", id: agent.identity.agentId, name: (await host()).name },
      object: { kind: "host-key", name: `${fingerprint(before)} to ${fingerprint(after)}` },
    }]);
    for (let times = 0; times < 3; times++) await connect(agent);
    await rotated();
    expect(await replacements()).toHaveLength(2);
    await server.restart();
    client = await server.client();
    await connect(agent);
  });

  it("signs refusals of jobs on the connection that has brought it", async () => {
    await rotated();
    const { id } = await client.topology.create.mutate({ name: `refusing${number}`, template: "two-vpc" });
    await client.host.choose.mutate({ id, hostId: agent.identity.agentId });
    agent.onJob = ({ jobId }) => agent.send({ type: "job-refused", jobId, failure: { code: "POLICY_CIDR", message: "not here" } });
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await stateOf(id)) === "failed");
    expect(agent.closeCode).toBeNull();
  });

  it("is taken while a job is in flight, and the end of the job is heard from it", async () => {
    const { id } = await client.topology.create.mutate({ name: `flying${number}`, template: "two-vpc" });
    await client.host.choose.mutate({ id, hostId: agent.identity.agentId });
    agent.onJob = ({ jobId }) => agent.send({ type: "job-accepted", jobId });
    await client.deployment.applyNewest.mutate({ id });
    await until(() => agent.jobs.length === 1);
    agent.onJob = (job) => agent.carryOut(job);
    await rotated();
    await until(async () => (await stateOf(id)) === "in-place");
  });

  type Forgery = (body: object, before: SigningKey, after: SigningKey) => Envelope;
  const seal = (body: object, ...keys: SigningKey[]) => agent.sealHello(body, ...keys);
  it.each<[string, Forgery]>([
    ["signed by the new key only", (body, _before, after) => seal(body, after)],
    ["signed by the old key only", (body, before) => seal(body, before)],
    ["signed by the new key twice", (body, _before, after) => seal(body, after, after)],
    ["signed by the old key twice", (body, before) => seal(body, before, before)],
    ["signed in the wrong order", (body, before, after) => seal(body, after, before)],
    ["signed by both and a third one", (body, before, after) => seal(body, before, after, newAgentKey())],
    ["signed by both, with nobody's signature for the old one", (body, _before, after) => seal(body, newAgentKey(), after)],
    ["whose signature is of another body", (body, before, after) => {
      const [own, other] = [seal(body, before, after), seal({ ...body, joinSeq: 0 }, before, after)];
      return { ...own, signatures: [own.signatures[0]!, other.signatures[1]!] };
    }],
    ["that both have signed without the new key in it", (body, before, after) => seal({ ...body, nextKey: undefined }, before, after)],
    ["that is the key before", (body, before) => seal({ ...body, nextKey: before.publicKey }, before, newAgentKey())],
    ["made for another connection", (body, before, after) => seal({ ...body, serverNonce: "A".repeat(22) }, before, after)],
    ["that is too short", (body, before, after) => seal({ ...body, nextKey: after.publicKey.slice(2) }, before, after)],
  ])("is refused %s, and the old one still lets the host in", async (_, forge) => {
    const [before, after] = [agent.identity.key, newAgentKey()];
    const liar = copyOf(agent, { nextKey: after });
    liar.sealHello = (body) => forge(body, before, after);
    await expect(liar.connect(url())).rejects.toThrow("1008");
    expect(await host()).toMatchObject({ fingerprint: fingerprint(before), state: "approved" });
    expect(await replacements()).toEqual([]);
    await connect(agent);
  });

  it.each(SMALL_ORDER_KEYS)("of small order proves nothing, also with a signature that any message has: %s", async (_, key) => {
    const { key: before } = agent.identity;
    const liar = copyOf(agent, { nextKey: { keyId: key.keyId, publicKey: key.text, sign: () => key.signature } });
    await expect(liar.connect(url())).rejects.toThrow("1008");
    expect(liar.closeReason).toBe("KEY_UNKNOWN");
    expect((await host()).fingerprint).toBe(fingerprint(before));
  });

  it("is not taken for another host, nor when it is or was another host's, nor back to one of its own", async () => {
    const other = await joined();
    const own = agent.identity.key;
    const [before, after] = await rotated();
    const cases: Partial<AgentIdentity>[] = [
      { agentId: agent.identity.agentId, key: other.identity.key, nextKey: newAgentKey() },
      { key: other.identity.key, nextKey: after }, { key: other.identity.key, nextKey: before },
    ];
    for (const change of cases) await expect(copyOf(other, change).connect(url())).rejects.toThrow("1008");
    await expect(copyOf(agent, { nextKey: own }).connect(url())).rejects.toThrow("1008");
    expect([(await host()).fingerprint, (await host(other)).fingerprint]).toEqual([fingerprint(after), fingerprint(other.identity.key)]);
    await connect(other);
    await connect(agent);
  });

  it("is one that an old hello on the way brings to nobody: a replay neither replaces it nor locks the host", async () => {
    const hellos: Envelope[] = [];
    const { sealHello } = agent;
    agent.sealHello = (...args) => (hellos.push(sealHello(...args)), hellos.at(-1)!);
    await connect(agent);
    await rotated();
    const [, after] = await rotated();
    for (const hello of [...hellos]) {
      const replayer = copyOf(agent);
      replayer.sealHello = () => hello;
      await expect(replayer.connect(url())).rejects.toThrow("1008");
      expect(replayer.closeReason).toBe("SESSION");
    }
    expect(await host()).toMatchObject({ fingerprint: fingerprint(after), state: "approved" });
    expect(await replacements()).toHaveLength(2);
  });

  it("is not lost and not suspected when the agent is killed before it has heard of it, and is written down once", async () => {
    const after = newAgentKey();
    agent.identity.nextKey = after;
    agent.forgetsKey = true;
    for (let times = 0; times < 3; times++) await agent.welcomed(url());
    expect((await host()).fingerprint).toBe(fingerprint(after));
    // Also after a click of an administrator, when nobody remembers the key before.
    await expect(copyOf(agent, { joinSeq: 0 }).connect(url())).rejects.toThrow("1008");
    await client.host.unlock.mutate({ id: agent.identity.agentId });
    agent.forgetsKey = false;
    await connect(agent);
    expect(agent.identity.key).toBe(after);
    await connect(agent);
    expect(await replacements()).toHaveLength(1);
  });

  it("is the end of the old one at once: a copy from before locks the host, with an alarm, and neither gets a job", async () => {
    const copy = copyOf(agent);
    const [before, after] = await rotated();
    await expect(copy.connect(url())).rejects.toThrow("1008");
    expect(await host()).toMatchObject({ state: "locked", online: false, fingerprint: fingerprint(after) });
    expect((await host()).lockReason).toContain(fingerprint(before));
    await until(() => agent.closeCode === 1008);
    await expect(agent.connect(url())).rejects.toThrow("1008");
    // After the click whoever has the old key is a stranger: it cannot lock the host again.
    await client.host.unlock.mutate({ id: agent.identity.agentId });
    await connect(agent);
    await expect(copy.connect(url())).rejects.toThrow("1008");
    expect(copy.closeReason).toBe("KEY_UNKNOWN");
    expect(await host()).toMatchObject({ state: "approved", online: true });
  });

  it("that a copy has brought is found out when the original comes, however often the copy has replaced it", async () => {
    const copy = copyOf(agent);
    for (let times = 0; times < 3; times++) {
      copy.identity.nextKey = newAgentKey();
      await connect(copy);
    }
    await expect(agent.connect(url())).rejects.toThrow("1008");
    expect((await host()).state).toBe("locked");
    await until(() => copy.closeCode === 1008);
  });

  it("locks nobody's host for a hello that was held up on the way", async () => {
    const late = copyOf(agent);
    let release: (() => void) | null = null;
    late.helloIsHeldUp = () => new Promise((resolve) => (release = resolve));
    const end = late.connect(url());
    await until(() => release !== null);
    await rotated();
    release!();
    await expect(end).rejects.toThrow("1008");
    expect(await host()).toMatchObject({ state: "approved", online: true });
  });

  it("is taken five times in ten minutes, and the sixth when they are over, with no more than a wait for the host", async () => {
    for (let times = 0; times < 5; times++) await rotated();
    const before = agent.identity.key;
    agent.identity.nextKey = newAgentKey();
    await expect(agent.connect(url())).rejects.toThrow("1008");
    expect([agent.closeReason, (await host()).fingerprint, (await host()).state]).toEqual(["RATE_LIMITED", fingerprint(before), "approved"]);
    nowMs += 10 * 60_000 + 1;
    await connect(agent);
    expect(await replacements()).toHaveLength(7); // six, and one refusal
    expect((await replacements()).filter(({ outcome }) => outcome === "done")).toHaveLength(6);
  });

  it("is refused to a host that is pending, locked or revoked", async () => {
    const name = `host${++number}`;
    const waiting = new FakeAgent(await enrol(server.origin, (await client.host.mintToken.mutate({ name })).token, name));
    const tried = async (one: FakeAgent, reason: string) => {
      const before = one.identity.key;
      one.identity.nextKey = newAgentKey();
      await expect(one.connect(url())).rejects.toThrow("1008");
      expect(one.closeReason).toBe(reason);
      expect((await host(one)).fingerprint).toBe(fingerprint(before));
      delete one.identity.nextKey;
    };
    await tried(waiting, "pending");
    await expect(copyOf(agent, { joinSeq: 0 }).connect(url())).rejects.toThrow("1008");
    await tried(agent, "locked");
    await client.host.revoke.mutate({ id: agent.identity.agentId });
    await tried(agent, "revoked");
    expect(await replacements()).toEqual([]);
  });
});
