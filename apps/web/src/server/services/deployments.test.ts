import type { Envelope, Job } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sealEnvelope } from "../signing/envelope";
import { enrol, FakeAgent, newAgentKey } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf, issuesOf } from "../testing/wire-failure";

describe.each(databaseKinds())("deployments on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let number = 0;
  const connect = () => agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  const offline = async () => {
    agent.cut();
    await until(async () => (await client.host.list.query())[0]?.online === false);
  };
  const state = async (topologyId = id) => (await client.topology.list.query()).find((one) => one.id === topologyId)?.deployment.state;
  const applies = () => agent.jobs.filter((job) => job.kind === "apply" && job.topologyId === id);

  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    agent.onJob = (job) => agent.carryOut(job);
    agent.jobs.length = 0;
    await connect();
    ({ id } = await client.topology.create.mutate({ name: `lab${number++}`, template: "two-vpc" }));
  });
  afterEach(() => agent.cut());

  it("apply sends a signed job with the newest revision, and its progress is heard", async () => {
    const live = record(client, id);
    await live.next("snapshot");
    const answer = await client.deployment.applyNewest.mutate({ id });
    const done = await live.next("deployment", (event) => event.deployment.state === "in-place");
    expect(done.deployment).toMatchObject({ revision: 1, generation: answer.generation });
    const { document } = await client.topology.get.query({ id });
    expect(applies()).toEqual([expect.objectContaining({ jobId: answer.jobId, revision: 1, epoch: 1, generation: 1, desired: document })]);
    const states = live.heard.flatMap(({ event }) => (event.type === "deployment" ? [event.deployment.state] : []));
    expect(states).toEqual(["applying", "in-place"]);
    expect(await state()).toBe("in-place");
    live.stop();
  });

  it("every apply and teardown is one generation further, also when nothing changed", async () => {
    const generations = [];
    for (const verb of ["applyNewest", "applyNewest", "teardown", "teardown", "applyNewest"] as const) {
      generations.push((await client.deployment[verb].mutate({ id })).generation);
      await until(async () => (await state()) === (verb === "teardown" ? "empty" : "in-place") && agent.deployments.get(id)?.generation === generations.length);
    }
    expect(generations).toEqual([1, 2, 3, 4, 5]);
    expect(applies().map((job) => job.kind === "apply" && job.desired === null)).toEqual([false, false, true, true, false]);
  });

  it("what is asked for while the host is away is stored, said, and carried out when it comes", async () => {
    await offline();
    const live = record(client, id);
    await live.next("snapshot");
    await client.deployment.applyNewest.mutate({ id });
    await live.next("log", ({ line }) => line.level === "warn" && line.text.includes("not connected"));
    expect(await state()).toBe("applying");
    expect(agent.jobs).toEqual([]);
    await connect();
    await until(async () => (await state()) === "in-place");
    expect(applies()).toHaveLength(1);
    live.stop();
  });

  it("ends in the state asked for when the server is stopped and started in the middle of an apply", async () => {
    agent.onJob = () => {};
    await client.deployment.applyNewest.mutate({ id });
    await until(() => applies().length === 1);
    await server.restart();
    expect(await state()).toBe("applying");
    agent.onJob = (job) => agent.carryOut(job);
    await connect();
    await until(async () => (await state()) === "in-place");
    expect(applies().map((job) => job.kind === "apply" && job.generation)).toEqual([1, 1]);
  });

  it.each([
    ["before it accepted the job", () => {}, 2],
    ["after it accepted the job", (job: Job) => agent.send({ type: "job-accepted", jobId: job.jobId }), 2],
    ["after it applied, before it could say so", (job: Job) => job.kind === "apply" && agent.apply(job), 1],
  ])("ends in the state asked for when the agent is killed %s", async (_, onJob, sent) => {
    agent.onJob = onJob;
    await client.deployment.applyNewest.mutate({ id });
    await until(() => applies().length === 1);
    await offline();
    agent.onJob = (job) => agent.carryOut(job);
    await connect();
    await until(async () => (await state()) === "in-place");
    expect(applies()).toHaveLength(sent);
  });

  it("builds a sandbox again that went with its agent, and tears down what came back", async () => {
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await state()) === "in-place");
    const held = agent.deployments.get(id);
    await offline();
    agent.deployments.delete(id);
    await connect();
    await until(() => applies().length === 2);
    await until(async () => (await state()) === "in-place");
    await client.deployment.teardown.mutate({ id });
    await until(async () => (await state()) === "empty");
    await offline();
    if (held) agent.deployments.set(id, held);
    await connect();
    await until(() => agent.deployments.get(id)?.state === "empty");
    await until(async () => (await state()) === "empty");
  });

  it("the newest of several applies is the last word, whatever is answered to the earlier ones", async () => {
    agent.onJob = () => {};
    await client.deployment.applyNewest.mutate({ id });
    await client.deployment.teardown.mutate({ id });
    await until(() => applies().length === 2);
    const [first, second] = applies();
    if (first?.kind !== "apply" || second?.kind !== "apply") throw new Error("two applies were expected");
    agent.carryOut(second);
    await until(async () => (await state()) === "empty");
    agent.send({ type: "job-done", jobId: first.jobId, topologyId: id, deployment: { state: "in-place", revision: 1, generation: 1, objects: {}, publicAddresses: {} } });
    agent.send({ type: "job-done", jobId: second.jobId, topologyId: id, deployment: { state: "failed", revision: 1, generation: 2, objects: {}, publicAddresses: {} } });
    agent.send({ type: "log", topologyId: id, line: { at: 1, level: "info", text: "after both" } });
    const live = record(client, id);
    await until(() => live.heard.some(({ event }) => JSON.stringify(event).includes("after both")));
    expect(await state()).toBe("empty");
    live.stop();
  });

  it("what an agent says of jobs and topologies that are not its own is not heard", async () => {
    const other = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
    const deployment = { state: "in-place", revision: 9, generation: 9, objects: {}, publicAddresses: {} } as const;
    agent.send({ type: "job-accepted", jobId: other });
    agent.send({ type: "job-refused", jobId: other, failure: { code: "KIND", message: "no" } });
    agent.send({ type: "job-done", jobId: other, topologyId: id, deployment });
    agent.send({ type: "job-done", jobId: "no-uuid", topologyId: id, deployment });
    agent.send({ type: "deployment", topologyId: other, deployment });
    agent.send({ type: "deployment", topologyId: id, deployment });
    agent.send({ type: "objects", topologyId: other, objects: { x: { state: "failed" } } });
    agent.send({ type: "plan-done", jobId: other, plan: { changes: [], steps: 0, basis: "observed" } });
    expect(await client.deployment.plan.query({ id })).toMatchObject({ steps: 7 });
    expect(await state()).toBe("empty");
    expect(agent.closeCode).toBeNull();
  });

  it("a refusal of the host is shown with its code, and what was pending is pending no more", async () => {
    agent.onJob = (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "POLICY_CIDR", message: "not allowed on this host" } });
    const live = record(client, id);
    await live.next("snapshot");
    await client.deployment.applyNewest.mutate({ id });
    const failed = await live.next("deployment", (event) => event.failure !== undefined);
    expect(failed).toMatchObject({ failure: { code: "POLICY_CIDR" }, deployment: { state: "failed", objects: {} } });
    expect((await failureOf(client.deployment.plan.query({ id }))).code).toBe("POLICY_CIDR");
    live.stop();
  });

  it("what a refusal is about says so, beside its object, until the host takes it", async () => {
    const message = "10.0.0.0/16 of vpc1 is not allowed on this host: allowCidrs of /etc/vpclab/policy.json, line 3.";
    const objects = () => record(client, id);
    agent.onJob = (job) => {
      if (job.kind !== "apply") return;
      const objectId = job.desired?.vpcs[0]?.id ?? "";
      const error = { severity: "error" as const };
      const issues = [{ ...error, code: "POLICY_CIDR" as const, path: ["vpcs", 0, "cidr"], message, objectId }, { ...error, code: "POLICY_LIMIT" as const, path: [], message: "too many" }];
      agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "POLICY_CIDR", message, issues } });
    };
    const live = objects();
    await live.next("snapshot");
    await client.deployment.applyNewest.mutate({ id });
    const { deployment } = await live.next("deployment", (event) => event.failure !== undefined);
    expect(Object.values(deployment.objects)).toEqual([{ state: "failed", reason: message }]);
    const late = objects();
    expect(Object.values((await late.next("snapshot")).deployment.objects)).toEqual([{ state: "failed", reason: message }]);
    agent.onJob = (job) => agent.carryOut(job);
    await client.deployment.applyNewest.mutate({ id });
    await live.next("deployment", (event) => event.deployment.state === "in-place");
    late.stop();
    live.stop();
  });

  it("a refusal without the host's own signature over it ends the connection and is not heard", async () => {
    const failure = { code: "POLICY_CIDR", message: "not allowed" } as const;
    const other = newAgentKey();
    type Refusal = { readonly jobId: string };
    const forged: [string, (refusal: Refusal) => Envelope | undefined][] = [
      ["unsigned", () => undefined],
      ["signed by another key", ({ jobId }) => sealEnvelope(PAYLOAD_TYPE.result, { v: 1, agentId: agent.identity.agentId, session: "x".repeat(22), jobId, failure }, other)],
      ["signed as a hello", ({ jobId }) => sealEnvelope(PAYLOAD_TYPE.agentHello, { v: 1, agentId: agent.identity.agentId, session: "x".repeat(22), jobId, failure }, agent.identity.key)],
      ["of another job", ({ jobId }) => agent.signed({ jobId, failure }, { jobId: "another" })],
      ["of another agent", ({ jobId }) => agent.signed({ jobId, failure }, { agentId: "another" })],
      ["of another connection", ({ jobId }) => agent.signed({ jobId, failure }, { session: "y".repeat(22) })],
    ];
    for (const [what, result] of forged) {
      agent.onJob = (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure, result: result(job) });
      await client.deployment.applyNewest.mutate({ id });
      await until(() => agent.closeCode !== null);
      expect([what, agent.closeCode]).toEqual([what, 1008]);
      expect([what, await state()]).not.toEqual([what, "failed"]);
      agent.onJob = () => {};
      await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    }
    const signed = { jobId: "", failure };
    agent.onJob = (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "KIND", message: "other words" }, result: agent.signed({ ...signed, jobId: job.jobId }) });
    const live = record(client, id);
    await live.next("snapshot");
    await client.deployment.applyNewest.mutate({ id });
    expect((await live.next("deployment", (event) => event.failure !== undefined)).failure).toEqual(failure);
    live.stop();
  });

  it("a failure in the kernel is kept with the objects that failed, over a restart", async () => {
    agent.onJob = (job) => {
      if (job.kind !== "apply") return;
      const vpcId = job.desired?.vpcs[0]?.id ?? "";
      const deployment = { state: "failed", revision: 1, generation: job.generation, objects: { [vpcId]: { state: "failed", reason: "File exists\0" } }, publicAddresses: {} } as const;
      agent.send({ type: "job-accepted", jobId: job.jobId });
      agent.send({ type: "objects", topologyId: id, objects: { [vpcId]: { state: "applying" } } });
      agent.send({ type: "job-done", jobId: job.jobId, topologyId: id, deployment, failure: { code: "KERNEL_REFUSED", message: "File exists" } });
    };
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await state()) === "failed");
    await server.restart();
    const live = record(client, id);
    const { deployment } = await live.next("snapshot");
    expect(Object.values(deployment.objects)).toEqual([{ state: "failed", reason: "File exists" }]);
    live.stop();
  });

  it("a deployed topology is neither deleted nor renamed; torn down it is", async () => {
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await state()) === "in-place");
    expect((await failureOf(client.topology.remove.mutate({ id }))).code).toBe("IN_USE");
    expect((await failureOf(client.topology.rename.mutate({ id, name: "other" }))).code).toBe("IN_USE");
    await client.deployment.teardown.mutate({ id });
    await until(async () => (await state()) === "empty");
    const live = record(client, id);
    await live.next("snapshot");
    await client.topology.remove.mutate({ id });
    await live.next("removed");
    expect(await state()).toBeUndefined();
  });

  it("a plan is made by the host; without it, against what was applied last", async () => {
    expect(await client.deployment.plan.query({ id })).toMatchObject({ basis: "observed", steps: 7 });
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await state()) === "in-place");
    await offline();
    expect(await client.deployment.plan.query({ id })).toEqual({ basis: "last-applied", steps: 0, changes: [] });
    const { document } = await client.topology.get.query({ id });
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "t", commands: [vpcEdit("vpc-0000aaaa", "extra", "10.77.0.0/16")] });
    const plan = await client.deployment.plan.query({ id });
    const made = plan.changes.find(({ objectId }) => objectId === "vpc-0000aaaa");
    expect(plan.changes.map(({ objectId, kind: change }) => [objectId.slice(-8), change])).toEqual(plan.changes.map(() => ["0000aaaa", "create"]));
    expect(made?.commands.length).toBeGreaterThan(0);
    expect(document.vpcs).toHaveLength(2);
  });

  it("a probe needs two instances that stand, a host that is there, and an answer in time", async () => {
    const { document } = await client.topology.get.query({ id });
    const [from, to] = document.instances.map((instance) => instance.id);
    const ping = { id, source: { instanceId: from ?? "" }, destination: { instanceId: to ?? "" }, kind: "ping", port: null } as const;
    expect((await failureOf(client.probe.run.mutate(ping))).code).toBe("NOT_APPLIED");
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await state()) === "in-place");
    expect(await client.probe.run.mutate(ping)).toMatchObject({ outcome: "reached", kind: "ping" });
    expect(issuesOf(await failureOf(client.probe.run.mutate({ ...ping, port: 80 })))).toEqual(["PORT port"]);
    expect(issuesOf(await failureOf(client.probe.run.mutate({ ...ping, kind: "tcp" })))).toEqual(["PORT port"]);
    agent.onJob = () => {};
    expect((await failureOf(client.probe.run.mutate(ping))).code).toBe("AGENT_TIMEOUT");
    const cutOff = failureOf(client.probe.run.mutate(ping));
    await until(() => agent.jobs.filter((job) => job.kind === "probe").length === 3);
    await offline();
    expect((await cutOff).code).toBe("HOST_OFFLINE");
    expect((await failureOf(client.probe.run.mutate(ping))).code).toBe("HOST_OFFLINE");
  });

  it("many pairs are measured by one job, answered in their order", async () => {
    const { document } = await client.topology.get.query({ id });
    const [from = "", to = ""] = document.instances.map((instance) => instance.id);
    const [one, other] = [{ instanceId: from }, { instanceId: to }];
    const flows = [{ source: one, destination: other }, { source: other, destination: one }, { source: { internet: true as const }, destination: one }];
    const measure = (change: object = {}) => client.probe.measure.mutate({ id, kind: "tcp", port: 80, flows, ...change });
    expect((await failureOf(measure())).code).toBe("NOT_APPLIED");
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await state()) === "in-place");
    expect(await measure()).toEqual({ generation: 1, flows: flows.map(() => ({ outcome: "reached", expected: true })) });
    expect(agent.jobs.filter((job) => job.kind === "measure").map((job) => job.request)).toEqual([{ kind: "tcp", port: 80, flows }]);
    expect(issuesOf(await failureOf(measure({ port: null })))).toEqual(["PORT port"]);
    agent.onJob = (job) => agent.send({ type: "measure-done", jobId: job.jobId, result: { generation: 1, flows: [] } });
    expect((await failureOf(measure())).code).toBe("INTERNAL");
    await offline();
    expect((await failureOf(measure())).code).toBe("HOST_OFFLINE");
  });

  it("a look at the kernel is asked of the host by the object's id alone", async () => {
    expect(await client.deployment.inspect.query({ id, objectId: "vpc-00000001" })).toMatchObject({ parts: [{ command: "ip -n lab.vpc1 addr" }] });
    expect(agent.jobs.at(-1)).toMatchObject({ kind: "inspect", topologyId: id, objectId: "vpc-00000001" });
    await offline();
    expect((await failureOf(client.deployment.inspect.query({ id, objectId: "vpc-00000001" }))).code).toBe("HOST_OFFLINE");
  });

  it("public addresses of a host that has some are told to the page, and whether it has", async () => {
    const { document } = await client.topology.get.query({ id });
    const target = { kind: "instance" as const, id: document.instances[0]?.id ?? "" };
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "t", commands: [{ op: "create", kind: "elastic-ip", object: { id: "eipalloc-00000001", name: "eip1", target } }] });
    expect((await client.host.list.query())[0]?.publicPool).toBe(false);
    await offline();
    agent.publicPool = true;
    await connect();
    await until(async () => (await client.host.list.query())[0]?.publicPool === true);
    const live = record(client, id);
    await live.next("snapshot", ({ host }) => host?.publicPool === true);
    await client.deployment.applyNewest.mutate({ id });
    const { deployment } = await live.next("deployment", (event) => event.deployment.state === "in-place");
    expect(deployment.publicAddresses).toEqual({ "eipalloc-00000001": "198.51.100.129" });
    live.stop();
    await offline();
    await server.restart();
    const again = record(client, id);
    const { deployment: kept, host } = await again.next("snapshot");
    expect([kept.publicAddresses, host?.publicPool]).toEqual([{ "eipalloc-00000001": "198.51.100.129" }, true]);
    expect(await client.deployment.plan.query({ id })).toEqual({ basis: "last-applied", steps: 0, changes: [] });
    again.stop();
    agent.publicPool = false;
  });

  it("nothing that was never applied can be torn down", async () => {
    expect((await failureOf(client.deployment.teardown.mutate({ id }))).code).toBe("NOT_APPLIED");
  });
});
