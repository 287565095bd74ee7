import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { promises, promisesOf } from "@vpclab/shared/analysis/promises";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { isProbePair } from "@vpclab/shared/analysis/probe";
import { agrees } from "@vpclab/shared/analysis/reachability";
import type { FlowEnds, FlowsRequest } from "@vpclab/shared/wire/job";
import type { MeasuredFlows } from "@vpclab/shared/wire/live";
import { measureFlows } from "../../src/commands/measure-flows";
import { HOST_ADDRESS, INTERNET_WEB_ADDRESS, SANDBOX_HOST_NETNS, SANDBOX_INTERNET_NETNS } from "../../src/sandbox/sandbox-state";
import { AgentLab } from "../link/agent-lab";
import { applyJob } from "../link/job-fixture";
import { mixedLab } from "./mixed-lab";
import { Lab } from "./lab";

const INTERNET = { namespace: SANDBOX_INTERNET_NETNS, address: INTERNET_WEB_ADDRESS, hostAddress: HOST_ADDRESS, hostNamespace: SANDBOX_HOST_NETNS };

describe("many pairs measured by one job, on the real kernel", () => {
  const lab = new Lab();
  const drawn = mixedLab();
  let agent: AgentLab<Lab["kernel"]>;
  let asked = 0;
  beforeAll(async () => {
    await lab.sandbox.ensure();
    agent = await AgentLab.on(lab.kernel, { measure: (job, deployments) => measureFlows(job, deployments, { publicPool: true, internet: INTERNET }) });
    expect(await agent.apply(drawn)).toMatchObject({ deployment: { state: "in-place" } });
  });
  afterAll(async () => {
    await agent.agent.deployments.takeDown();
    await agent.close();
    await lab.sandbox.remove();
  });

  const namespaceOf = (instanceId: string): string => Object.entries(lab.wanted(drawn)).find(([, { owner }]) => owner.objectId === instanceId)![0];
  async function measure(request: FlowsRequest): Promise<MeasuredFlows> {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const jobId = `measure-${++asked}`;
    agent.server.sendJob((signed) => ({ ...common, ...signed, kind: "measure", jobId, request }));
    const answer = () => agent.server.ofType("measure-done").find((done) => done.jobId === jobId);
    await agent.server.until(() => answer() !== undefined, 30_000);
    return answer()!.result;
  }
  const pairs = (): FlowEnds[] => promises(drawn, { publicPool: true }).map(({ source, destination }) => ({ source, destination }));

  it.each<[FlowsRequest["kind"], number | null]>([["ping", null], ["tcp", 8080], ["tcp", 22], ["udp", 5353]])("by %s %s every pair does what the drawing promises, and both answers occur", async (kind, port) => {
    const flows = pairs();
    const promised = promises(drawn, { publicPool: true }, { protocol: kind === "ping" ? "icmp" : kind, port });
    const { generation, flows: measured } = await measure({ kind, port, flows });
    expect(generation).toBe(1);
    expect(measured.map(({ expected }) => expected)).toEqual(promised.map(({ reachable }) => reachable));
    const wrong = measured.flatMap(({ outcome }, at) => (outcome !== null && agrees(promised[at]!, outcome) ? [] : [{ ...promised[at], outcome }]));
    expect(wrong).toEqual([]);
    expect(new Set(measured.map(({ expected }) => expected)).size).toBe(2);
  });

  /** The host, and whatever has a public address, NAT gateways included, with everybody who may ask there. */
  const beside = (): FlowEnds[] => {
    const instances: ProbeEnd[] = drawn.instances.map(({ id }) => ({ instanceId: id }));
    const others: ProbeEnd[] = [{ host: true }, ...[...drawn.instances, ...drawn.natGateways].map(({ id }) => ({ publicAddressOf: id }))];
    return [...instances, { internet: true } as const, { host: true } as const].flatMap((source) => [...others, ...instances].map((destination) => ({ source, destination })))
      .filter(({ source, destination }) => isProbePair(source, destination) && ("host" in source || !("instanceId" in destination)));
  };

  it.each<[FlowsRequest["kind"], number | null, boolean]>([["ping", null, false], ["ping", null, true], ["tcp", 8080, true], ["udp", 5353, true]])("host and public addresses by %s %s do what is promised, the host's own way in being %s", async (kind, port, reachableFromHost) => {
    const doc = { ...drawn, vpcs: drawn.vpcs.map((vpc) => ({ ...vpc, reachableFromHost })) };
    const done = await agent.apply(doc);
    expect(done).toMatchObject({ deployment: { state: "in-place" } });
    const flows = beside();
    const promised = promisesOf(doc, { publicPool: true }, flows, { protocol: kind === "ping" ? "icmp" : kind, port });
    const { flows: measured } = await measure({ kind, port, flows });
    expect(measured.map(({ outcome, expected }, at) => ({ ...flows[at], outcome, expected, agrees: outcome !== null && agrees({ reachable: expected }, outcome) })).filter((one) => !one.agrees)).toEqual([]);
    expect(measured.map(({ expected }) => expected)).toEqual(promised.map(({ reachable }) => reachable));
    const fromHost = measured.filter((_, at) => "host" in flows[at]!.source);
    expect(fromHost.every(({ expected }) => expected === reachableFromHost)).toBe(true);
    expect(fromHost.length).toBeGreaterThan(0);
  });

  it.each<FlowEnds>([
    { source: { host: true }, destination: { internet: true } }, { source: { publicAddressOf: drawn.instances[0]!.id }, destination: { instanceId: drawn.instances[0]!.id } },
  ])("nothing is sent between ends that nothing drawn lies between: %o", async (ends) => {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const jobId = `measure-bad-${++asked}`;
    agent.server.sendJob((signed) => ({ ...common, ...signed, kind: "measure", jobId, request: { kind: "ping", port: null, flows: [ends] } }));
    await agent.server.until(() => agent.server.ofType("job-refused").some((refused) => refused.jobId === jobId && refused.failure.code === "SCHEMA"), 30_000);
  });

  it("tells who listens from who only refuses, and leaves the program that listens at work", async () => {
    const web = drawn.instances.find(({ webServer }) => webServer?.port === 8080)!;
    const flows = pairs().filter(({ source, destination }) => "instanceId" in source && "instanceId" in destination && destination.instanceId === web.id);
    const [listens, silent] = await Promise.all([measure({ kind: "tcp", port: 8080, flows }), measure({ kind: "tcp", port: 9, flows })]);
    const reached = (result: MeasuredFlows) => result.flows.filter(({ outcome }) => outcome === "reached").length;
    expect(reached(listens)).toBeGreaterThan(0);
    expect(reached(silent)).toBe(0);
    expect(reached(await measure({ kind: "tcp", port: 8080, flows }))).toBe(reached(listens));
  });

  it("sees at once what somebody has closed by hand", async () => {
    const flows = pairs();
    const before = await measure({ kind: "ping", port: null, flows });
    const at = before.flows.findIndex(({ outcome }, index) => outcome === "reached" && "instanceId" in flows[index]!.destination && "instanceId" in flows[index]!.source);
    const target = flows[at]!.destination as { instanceId: string };
    const namespace = namespaceOf(target.instanceId);
    await lab.inside(namespace, "nft", "table inet meddler { chain in { type filter hook input priority -300; icmp type echo-request drop; }; }");
    try {
      expect((await measure({ kind: "ping", port: null, flows })).flows[at]).toEqual({ outcome: "timeout", expected: true });
    } finally {
      await lab.inside(namespace, "nft", "delete", "table", "inet", "meddler");
    }
  });

  it("answers null for an end whose namespace is gone, and measures the others", async () => {
    const gone = drawn.instances.find(({ name }) => name !== "main")!.id;
    await lab.runner.run({ file: "ip", args: ["netns", "delete", namespaceOf(gone)] });
    const flows = pairs();
    const measured = await measure({ kind: "ping", port: null, flows });
    const isFrom = ({ source }: FlowEnds): boolean => "instanceId" in source && source.instanceId === gone;
    expect(measured.flows.map(({ outcome }) => outcome === null)).toEqual(flows.map(isFrom));
    expect(measured.flows.some(({ outcome }) => outcome === "reached")).toBe(true);
  });
});
