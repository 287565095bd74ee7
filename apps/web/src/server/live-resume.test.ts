import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBreakableProxy } from "./testing/breakable-proxy";
import { record } from "./testing/live-recorder";
import { standardDatabase } from "./testing/test-database";
import { startTestServer } from "./testing/test-server";
import type { TestServer } from "./testing/test-server";
import { until } from "./testing/until";
import { vpcEdit } from "./testing/vpc-edit";

describe("a page that loses its connection", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
  });
  afterAll(() => server.close());

  it("hears exactly what it missed, and nothing twice, over many cuts", async () => {
    const proxy = await startBreakableProxy(server.port);
    const near = await server.client();
    const far = await server.client({ origin: proxy.origin });
    const { id } = await near.topology.create.mutate({ name: "cut", template: "empty" });
    const live = record(far, id);
    await live.next("snapshot");
    let revision = 1;
    const save = async () => {
      const name = `v${revision}`;
      await near.topology.save.mutate({ id, baseRevision: revision, clientId: "t", commands: [vpcEdit(`vpc-${revision.toString(16).padStart(8, "0")}`, name, `10.${revision}.0.0/16`)] });
      revision += 1;
    };
    for (let round = 0; round < 4; round++) {
      await save();
      if (round % 2 === 0) await live.next("revision", (event) => event.revision === revision);
      proxy.cut();
      await save();
      await save();
      proxy.mend();
      await save();
      await live.next("revision", (event) => event.revision === revision);
    }
    const revisions = live.heard.flatMap(({ event }) => (event.type === "revision" ? [event.revision] : []));
    expect(revisions).toEqual(Array.from({ length: 16 }, (_, i) => i + 2));
    expect(live.heard.filter(({ event }) => event.type === "snapshot")).toHaveLength(1);
    live.stop();
    await proxy.close();
  });

  it("gets a snapshot from a server that was started anew", async () => {
    const client = await server.client();
    const { id } = await client.topology.create.mutate({ name: "anew", template: "empty" });
    const live = record(client, id);
    await live.next("snapshot");
    await server.restart();
    await until(() => live.heard.filter(({ event }) => event.type === "snapshot").length === 2);
    expect(live.heard.at(-1)?.event).toMatchObject({ type: "snapshot", name: "anew", revision: 1 });
    live.stop();
  });

  it("is told that there is no such topology", async () => {
    const client = await server.client();
    const code = await new Promise((resolve) => {
      client.live.topology.subscribe({ id: "6f9619ff-8b86-4011-b42d-00c04fc964ff" }, { onError: (error) => resolve(error.data?.code) });
    });
    expect(code).toBe("NOT_FOUND");
  });

  it("cannot follow more than twenty topologies on one connection", async () => {
    const client = await server.client();
    const { id } = await client.topology.create.mutate({ name: "many", template: "empty" });
    const codes: (string | undefined)[] = [];
    const open = Array.from({ length: 21 }, () => client.live.topology.subscribe({ id }, { onError: (error) => codes.push(error.data?.code) }));
    await until(() => codes.length > 0);
    expect(codes).toEqual(["RATE_LIMITED"]);
    for (const subscription of open) subscription.unsubscribe();
  });
});
