import { enrol, FakeAgent } from "../src/server/testing/fake-agent";
import { test as base } from "./fixtures";
import { startServer } from "./server-process";
import type { ServerProcess } from "./server-process";

/** Tests whose server has one host: an agent that keeps the protocol and whose kernel is a map. It is there when a test begins, also when the one before has cut it off. */
export const test = base.extend<{ agent: FakeAgent }, { server: ServerProcess; joined: FakeAgent }>({
  server: [async ({}, provide) => {
    const server = await startServer({ VPCLAB_LOCAL_AGENT: "1" });
    await provide(server);
    await server.stop();
  }, { scope: "worker", timeout: 120_000 }],
  joined: [async ({ server }, provide) => provide(new FakeAgent(await enrol(server.url, server.joinToken ?? ""))), { scope: "worker", timeout: 120_000 }],
  agent: [async ({ server, joined }, provide) => {
    await joined.connect(`${server.url.replace("http", "ws")}/agent`);
    await provide(joined);
    joined.cut();
  }, { auto: true }],
});
