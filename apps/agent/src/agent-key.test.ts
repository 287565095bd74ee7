import { readFileSync, readdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { enrolledStateDir, newAgent, RecordingLog } from "../test/link/agent-fixture";
import { FakeServer } from "../test/link/fake-server";
import { applyJob } from "../test/link/job-fixture";
import type { Agent, AgentOptions } from "./agent";
import type { SigningKey } from "./link/ed25519";
import { fingerprintOfKey, generateSigningKey, importSigningKey } from "./link/ed25519";
import { openEnvelope } from "./link/envelope";
import { ensureNextKey, readIdentity } from "./state/identity";
import { JoinSequence } from "./state/join-sequence";
import { ServerTrust } from "./state/server-trust";

const QUICK: Pick<AgentOptions, "delays" | "timing"> = { delays: { firstMs: 5, ceilingMs: 20 } };

/** The agent's half of SECURITY.md 1.3: the new key is on the disk before it is said, and the old one until a welcome says that it was taken. */
describe("a new key of this agent", () => {
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let server: FakeServer;
  let agent: Agent | null = null;
  let before: SigningKey;
  let log: RecordingLog;

  beforeEach(async () => {
    home = await enrolledStateDir();
    before = home.identity.agentKey;
    server = await FakeServer.listen(() => before);
    log = new RecordingLog();
  });
  afterEach(async () => {
    await agent?.stop();
    agent = null;
    await server.close();
    await home.remove();
  });

  const file = (name: string) => join(home.stateDir, name);
  const keyIn = (name: string): string => {
    const key = importSigningKey(readFileSync(file(name), "utf8").trimEnd());
    if (!key.ok) throw new Error(key.error);
    return key.value.text;
  };
  const keyFiles = () => readdirSync(home.stateDir).filter((name) => /^agent\..*key$/.test(name));
  const inventories = () => server.ofType("inventory").length;
  async function start(change: Partial<AgentOptions> = {}, kernel = new FakeKernel()): Promise<Agent> {
    agent = await newAgent(home.stateDir, kernel, change.socketUrl ?? server.url, { log, ...QUICK, ...change });
    await agent.start();
    return agent;
  }
  async function connected(change: Partial<AgentOptions> = {}, kernel = new FakeKernel()): Promise<Agent> {
    const heard = inventories();
    const started = await start(change, kernel);
    await server.until(() => inventories() > heard);
    return started;
  }
  /** It is the only one, on the disk and at the server, and is what the next start comes with. */
  async function holdsAlone(key: string): Promise<void> {
    expect(keyFiles()).toEqual(["agent.key"]);
    expect([keyIn("agent.key"), server.knownKey.text]).toEqual([key, key]);
    await agent?.stop();
    await connected();
    expect([keyIn("agent.key"), server.knownKey.text]).toEqual([key, key]);
  }

  it("is on the disk before it is said, and alone after the welcome", async () => {
    const running = await connected();
    const seen: string[][] = [];
    server.beforeWelcome = async () => void seen.push([keyIn("agent.key"), keyIn("agent.next.key"), server.knownKey.text]);
    const rotated = await running.rotateKey();
    const after = keyIn("agent.key");
    expect(seen).toEqual([[before.text, after, after]]);
    expect(rotated).toEqual({ before: fingerprintOfKey(before), after: fingerprintOfKey(server.knownKey), taken: true });
    server.beforeWelcome = () => Promise.resolve();
    await holdsAlone(after);
  });

  it("signs refusals from the first one on, and a job that runs meanwhile ends well", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    class GatedKernel extends FakeKernel {
      override async apply(...args: Parameters<FakeKernel["apply"]>) {
        await gate;
        return super.apply(...args);
      }
    }
    const running = await connected({}, new GatedKernel());
    server.sendJob((common) => ({ ...applyJob({ jobId: "long", desired: twoVpcLab() }), ...common }));
    await server.until(() => server.ofType("job-accepted").length === 1);
    expect(await running.rotateKey()).toMatchObject({ taken: true });
    open();
    await server.until(() => server.ofType("job-done").some(({ jobId }) => jobId === "long"));
    expect(server.ofType("job-done")).toMatchObject([{ deployment: { state: "in-place" } }]);
    server.sendJob((common) => ({ ...applyJob({ jobId: "bad", topologyName: "-h", generation: 2 }), ...common }));
    await server.until(() => server.ofType("job-refused").length === 1);
    const [refusal] = server.ofType("job-refused");
    expect(openEnvelope(refusal!.result!, PAYLOAD_TYPE.result, server.knownKey).ok).toBe(true);
    expect(openEnvelope(refusal!.result!, PAYLOAD_TYPE.result, before)).toMatchObject({ ok: false, error: { code: "KEY_UNKNOWN" } });
  });

  it("waits on the disk while the server is away, over restarts, and is the same however often it is asked for", async () => {
    const { url } = server;
    await server.close();
    const running = await start({ keyWaitMs: 20, socketUrl: url });
    const asked = [await running.rotateKey(), await running.rotateKey()];
    expect(asked[0]).toMatchObject({ taken: false, before: fingerprintOfKey(before) });
    expect(asked[1]).toEqual(asked[0]);
    await running.stop();
    const after = keyIn("agent.next.key");
    server = await FakeServer.listen(() => before);
    await connected();
    await holdsAlone(after);
  });

  it("is not taken by the welcome of a connection whose hello came before it", async () => {
    const trust = new ServerTrust(home.stateDir, home.identity);
    let welcome: () => void = () => undefined;
    server.beforeWelcome = () => new Promise((resolve) => (welcome = resolve));
    await start({ trust });
    await server.until(() => server.hellos === 1);
    const { key } = await trust.prepareKey();
    server.beforeWelcome = () => Promise.resolve();
    welcome();
    await server.until(() => inventories() === 1);
    expect([keyIn("agent.key"), keyIn("agent.next.key")]).toEqual([before.text, key.text]);
    server.cut();
    await server.until(() => inventories() === 2);
    await holdsAlone(key.text);
  });

  it("is not taken by a welcome that the pinned key has not signed, nor by one of another connection", async () => {
    const { text } = await ensureNextKey(home.stateDir);
    for (const behaviour of [{ key: generateSigningKey() }, { welcome: (body: object) => ({ ...body, agentNonce: "n".repeat(32) }) }]) {
      const liar = await FakeServer.listen(() => before, behaviour);
      await start({ socketUrl: liar.url });
      await liar.until(() => liar.closeCodes.length > 0);
      await agent?.stop();
      await liar.close();
      expect([keyIn("agent.key"), keyIn("agent.next.key")]).toEqual([before.text, text]);
    }
  });

  /** What is on the disk and at the server after a kill, in the order of the steps; answers with the key that has to come out. */
  const kills: [string, () => Promise<string>][] = [
    ["while the key is being written", async () => (await writeFile(file("agent.next.key.new"), before.seed.slice(0, 20), { mode: 0o600 }), before.text)],
    ["before the key has its name", async () => (await writeFile(file("agent.next.key.new"), `${before.seed}\n`, { mode: 0o600 }), before.text)],
    ["before it is said", async () => (await ensureNextKey(home.stateDir)).text],
    ["after it was said, before the server has it", async () => {
      const { text } = await ensureNextKey(home.stateDir);
      server.takesKeys = false;
      await lostWelcome();
      server.takesKeys = true;
      return text;
    }],
    ["after the server has it, before the agent has heard of it", async () => {
      const { text } = await ensureNextKey(home.stateDir);
      await lostWelcome();
      expect(server.knownKey.text).toBe(text);
      return text;
    }],
    ["after it has the old one's name, before the connection's number is kept", async () => {
      const { text } = await ensureNextKey(home.stateDir);
      await lostWelcome();
      await rename(file("agent.next.key"), file("agent.key"));
      return text;
    }],
    ["after the number is kept, with a directory that has lost the renaming", async () => {
      const { text } = await ensureNextKey(home.stateDir);
      await lostWelcome();
      await (await JoinSequence.open(home.stateDir)).keep(server.joinSeq + 1);
      return text;
    }],
  ];
  async function lostWelcome(): Promise<void> {
    server.losesWelcomes = true;
    await start();
    await server.until(() => server.hellos > 0);
    await agent?.stop();
    server.losesWelcomes = false;
  }
  it.each(kills)("survives a kill %s", async (_, killed) => {
    const key = await killed();
    await connected();
    await holdsAlone(key);
    expect(await agent?.rotateKey()).toMatchObject({ taken: true });
    await holdsAlone(server.knownKey.text);
    expect(server.knownKey.text).not.toBe(key);
    expect(readdirSync(home.stateDir).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect((await readIdentity(home.stateDir))?.nextKey).toBeNull();
    expect(log.lines.filter((line) => line.includes("SECURITY"))).toEqual([]);
  });
});
