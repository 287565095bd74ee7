import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { mintSignIn } from "./mint-sign-in";
import { controlSocketPath } from "./start-server";
import { enrol, FakeAgent } from "./testing/fake-agent";
import { invite, signIn } from "./testing/people";
import { standardDatabase } from "./testing/test-database";
import { startTestServer } from "./testing/test-server";
import type { TestClient, TestServer } from "./testing/test-server";
import { until } from "./testing/until";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS = [["a day on", DAY_MS], ["a day back", -DAY_MS]] as const;

describe("a server whose clock is set", () => {
  let server: TestServer;
  let admin: TestClient;
  let agent: FakeAgent;
  const connect = () => agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  const setClock = (byMs: number): void => void vi.setSystemTime(Date.now() + byMs);
  const cookieOf = async (link: string): Promise<string | null> => {
    const { pathname, search } = new URL(link);
    return (await fetch(`${server.origin}${pathname}${search}`, { redirect: "manual" })).headers.get("set-cookie");
  };
  const mintLink = () => mintSignIn(controlSocketPath(server.dataDirectory));

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    server = await startTestServer(standardDatabase(), { deploymentTimes: { acceptMs: 20_000, doneMs: 20_000, expiredMs: 100 } });
    admin = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await connect();
  });
  afterEach(() => void vi.setSystemTime(vi.getRealSystemTime()));
  afterAll(async () => {
    vi.useRealTimers();
    agent.cut();
    await server.close();
  });

  it.each(DAYS)("%s, neither forgets wrong passwords nor keeps anybody out for longer", async (_, byMs) => {
    const name = `guessed${byMs > 0 ? "on" : "back"}`;
    await (await invite(server, admin, name, "student")).close();
    for (let i = 0; i < 5; i++) expect((await signIn(server, name, "a wrong password")).status).toBe(401);
    setClock(byMs);
    const { status, message } = await signIn(server, name);
    expect([status, Number(/Try again in (\d+) seconds/.exec(message)?.[1])]).toEqual([429, expect.toSatisfy((seconds: number) => seconds > 0 && seconds <= 30)]);
  });

  it.each(DAYS)("%s, neither gives a user his calls back nor keeps him waiting for longer", async (_, byMs) => {
    const student = await invite(server, admin, `applies${byMs > 0 ? "on" : "back"}`, "student");
    const { id } = await student.client.topology.create.mutate({ name: `limited${byMs > 0 ? "on" : "back"}`, template: "empty" });
    const apply = () => student.client.deployment.applyNewest.mutate({ id }).then(() => 0, (error: { data?: { retryAfterS?: number; publicMessage?: string } }) => Number(/Try again in (?:(\d+) seconds|a second)/.exec(error.data?.publicMessage ?? "")?.[1] ?? 1));
    let waitS = 0;
    for (let i = 0; i < 15 && waitS === 0; i++) waitS = await apply();
    setClock(byMs);
    expect(await apply()).toSatisfy((seconds: number) => seconds > 0 && seconds <= 6);
    await student.close();
  });

  it("a session that began while the clock was a day ahead is over when it is put right, and one can sign in again", async () => {
    setClock(DAY_MS);
    const client = await server.client();
    expect((await client.auth.me.query()).role).toBe("admin");
    setClock(-DAY_MS);
    await expect(client.auth.me.query()).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
    expect((await (await server.client()).auth.me.query()).role).toBe("admin");
  });

  it("a session that was used while the clock was an hour ahead runs out by the time that is right", async () => {
    const client = await server.client();
    setClock(60 * MINUTE_MS);
    await client.auth.me.query();
    setClock(-60 * MINUTE_MS);
    await client.auth.me.query();
    setClock(121 * MINUTE_MS);
    await expect(client.auth.me.query()).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
  });

  it("links and join tokens of minutes do not become ones of a day", async () => {
    setClock(DAY_MS);
    const link = await mintLink();
    const tokenFor = async (name: string) => (await (await server.client()).host.mintToken.mutate({ name })).token;
    const token = await tokenFor("lab2");
    setClock(-DAY_MS);
    expect(await cookieOf(link)).toBeNull();
    await expect(enrol(server.origin, token, "lab2")).rejects.toThrow("not enrolled: 401");
    // Those that are made by the right time work.
    expect(await cookieOf(await mintLink())).not.toBeNull();
    expect((await enrol(server.origin, await tokenFor("lab2"), "lab2")).agentId).toBeTruthy();
  });

  it.each(DAYS)("%s between two orders, sends the later one last and holds to it", async (_, byMs) => {
    const before = await server.client();
    const { id } = await before.topology.create.mutate({ name: `order${byMs > 0 ? "on" : "back"}`, template: "two-vpc" });
    agent.cut();
    await until(async () => (await before.host.list.query())[0]?.online === false);
    await before.deployment.applyNewest.mutate({ id });
    setClock(byMs);
    // An administrator's session does not last for a day.
    const { generation } = await (await server.client()).deployment.teardown.mutate({ id });
    await connect();
    await until(() => agent.deployments.get(id)?.generation === generation);
    expect(agent.jobs.flatMap((job) => (job.kind === "apply" && job.topologyId === id ? [job.desired] : []))).toEqual([null]);
    const sent = agent.jobs.at(-1);
    expect(Math.abs((sent?.issuedAt ?? 0) - Date.now())).toBeLessThan(MINUTE_MS);
  });

  it("a job that came too late by the host's clock says so, and comes about without anybody once the clocks agree", async () => {
    const client = await server.client();
    const { id } = await client.topology.create.mutate({ name: "late", template: "two-vpc" });
    let refusals = 0;
    agent.onJob = (job) => {
      if (refusals === 3) return agent.carryOut(job);
      refusals += 1;
      agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "EXPIRED", message: "expired 86400 s ago by this host's clock" } });
    };
    await client.deployment.applyNewest.mutate({ id });
    const state = async () => (await client.topology.list.query()).find((one) => one.id === id)?.deployment.state;
    await until(async () => (await state()) === "in-place");
    expect([refusals, agent.jobs.filter((job) => job.kind === "apply" && job.topologyId === id).length, agent.closeCode]).toEqual([3, 4, null]);
    agent.onJob = (job) => agent.carryOut(job);
  });
});
