import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "./testing/fake-agent";
import { record } from "./testing/live-recorder";
import { MIGRATIONS, testStorage } from "./testing/test-database";
import type { TestStorage } from "./testing/test-database";
import { clientFor } from "./testing/test-server";
import { until } from "./testing/until";
import { mintSignIn } from "./mint-sign-in";
import { controlSocketPath } from "./start-server";
import type { Ready } from "./start-server";

describe("the server's process", () => {
  let storage: TestStorage;
  let child: ChildProcess | null = null;
  beforeAll(async () => {
    storage = await testStorage("embedded");
  });
  afterEach(() => child?.kill("SIGKILL"));
  afterAll(() => storage.remove());

  const joinTokenFile = () => join(storage.dataDirectory, "join-token");
  const agentSocket = () => join(storage.dataDirectory, "agent.sock");

  async function start(): Promise<Ready> {
    child = fork(join(import.meta.dirname, "testing/server-process.ts"), [MIGRATIONS], {
      execArgv: ["--import", "tsx"],
      cwd: join(import.meta.dirname, "../.."),
      env: { NODE_ENV: "test", PATH: process.env.PATH, DATA_DIR: storage.dataDirectory, PORT: "0", AGENT_SOCKET: agentSocket(), VPCLAB_LOCAL_AGENT: "1", JOIN_TOKEN_FILE: joinTokenFile(), PUBLIC_URL: "" },
    });
    const [ready] = (await once(child, "message")) as [Ready];
    return ready;
  }

  async function signIn(ready: Ready) {
    const response = await fetch(await mintSignIn(controlSocketPath(storage.dataDirectory)), { redirect: "manual" });
    const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    return clientFor(ready.url, { cookie, origin: ready.url });
  }

  it("keeps the join token to itself, stops on SIGTERM with sockets open, and goes on after kill -9 where it was", async () => {
    const ready = await start();
    expect(ready).toMatchObject({ event: "ready", url: expect.stringMatching(/^http:\/\/localhost:\d+$/), joinToken: null });
    expect(statSync(joinTokenFile()).mode & 0o777).toBe(0o600);
    const agent = new FakeAgent(await enrol(ready.url, readFileSync(joinTokenFile(), "utf8").trim()));
    await agent.connect(`ws+unix:${agentSocket()}:/agent`);
    const { client, close } = await signIn(ready);
    const { id } = await client.topology.create.mutate({ name: "kept", template: "two-vpc" });
    const live = record(client, id);
    await live.next("snapshot");
    const idle = connect(Number(new URL(ready.url).port), "127.0.0.1");
    await once(idle, "connect");

    child?.kill("SIGTERM");
    expect((await once(child as ChildProcess, "exit"))[0]).toBe(0);
    expect(agent.closeCode).not.toBeNull();
    live.stop();
    void close();

    const second = await start();
    await agent.connect(`ws+unix:${agentSocket()}:/agent`);
    agent.onJob = () => {};
    const again = await signIn(second);
    await again.client.deployment.applyNewest.mutate({ id });
    await until(() => agent.jobs.length === 1);
    child?.kill("SIGKILL");
    await once(child as ChildProcess, "exit");
    void again.close();

    const third = await start();
    agent.onJob = (job) => agent.carryOut(job);
    await agent.connect(`ws+unix:${agentSocket()}:/agent`);
    await until(() => agent.deployments.get(id)?.state === "in-place");
    const last = await signIn(third);
    await until(async () => (await last.client.topology.list.query())[0]?.deployment.state === "in-place");
    await last.close();
  });

  it("lets a local agent that lost its key come back as the same host, and cuts the old key off", async () => {
    const ready = await start();
    const { client, close } = await signIn(ready);
    const [before] = await client.host.list.query();
    const fresh = new FakeAgent(await enrol(ready.url, readFileSync(joinTokenFile(), "utf8").trim()));
    await fresh.connect(`ws+unix:${agentSocket()}:/agent`);
    expect(await client.host.list.query()).toEqual([expect.objectContaining({ id: before?.id, online: true })]);
    await close();
  });

  it("says which variable is wrong, and starts nothing", async () => {
    child = fork(join(import.meta.dirname, "testing/server-process.ts"), [MIGRATIONS], {
      execArgv: ["--import", "tsx"], cwd: join(import.meta.dirname, "../.."), stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { NODE_ENV: "test", PATH: process.env.PATH, DATA_DIR: storage.dataDirectory, PORT: "http", DATABASE_URL: "mysql://x" },
    });
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    expect((await once(child, "exit"))[0]).toBe(1);
    expect(text).toMatch(/PORT: .*; DATABASE_URL: /);
  });
});
