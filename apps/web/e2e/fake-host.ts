import { enrol, FakeAgent } from "../src/server/testing/fake-agent";
import { test as base } from "./fixtures";
import { startServer } from "./server-process";
import type { ServerProcess } from "./server-process";

/** Tests whose server has one host: an agent that keeps the protocol and whose kernel is a map. */
export const test = base.extend<object, { server: ServerProcess; agent: FakeAgent }>({
  server: [async ({}, provide) => {
    const server = await startServer({ VPCLAB_LOCAL_AGENT: "1" });
    await provide(server);
    await server.stop();
  }, { scope: "worker", timeout: 120_000 }],
  agent: [async ({ server }, provide) => {
    const agent = new FakeAgent(await enrol(server.url, server.joinToken ?? ""));
    await agent.connect(`${server.url.replace("http", "ws")}/agent`);
    await provide(agent);
    agent.cut();
  }, { scope: "worker", timeout: 120_000 }],
});
