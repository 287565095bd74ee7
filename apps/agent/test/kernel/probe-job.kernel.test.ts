import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { agrees } from "@vpclab/shared/analysis/reachability";
import type { ProbeRequest } from "@vpclab/shared/wire/job";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import { measure } from "../../src/probes/measure";
import { probeJob } from "../../src/reconcile/probe-job";
import { HOST_ADDRESS, INTERNET_WEB_ADDRESS, SANDBOX_HOST_NETNS, SANDBOX_INTERNET_NETNS } from "../../src/sandbox/sandbox-state";
import { AgentLab } from "../link/agent-lab";
import { applyJob } from "../link/job-fixture";
import { mixedLab } from "./mixed-lab";
import { Lab } from "./lab";

/** Packets of the product's own tests, from and to instances and the internet, beside what the drawing promises for each. */
describe("a test from the page, on the real kernel", () => {
  const lab = new Lab();
  const drawn = mixedLab();
  let agent: AgentLab<Lab["kernel"]>;
  let probes = 0;
  beforeAll(async () => {
    await lab.sandbox.ensure();
    agent = await AgentLab.on(lab.kernel, {
      probe: (job, deployments) => probeJob(job, {
        applied: deployments.applied(job.topologyId), publicPool: true,
        internet: { namespace: SANDBOX_INTERNET_NETNS, address: INTERNET_WEB_ADDRESS, hostAddress: HOST_ADDRESS, hostNamespace: SANDBOX_HOST_NETNS }, takenByOthers: [],
        measure: (request) => measure(lab, request),
      }),
    });
    expect(await agent.apply(drawn)).toMatchObject({ deployment: { state: "in-place" } });
  });
  afterAll(async () => {
    await agent.agent.deployments.takeDown();
    await agent.close();
    await lab.sandbox.remove();
  });

  const end = (name: string): ProbeEnd => {
    if (name === "internet") return { internet: true };
    const [vpcName, subnetName] = name.split("-");
    const vpc = drawn.vpcs.find((candidate) => candidate.name === vpcName);
    const subnet = drawn.subnets.find((candidate) => candidate.name === subnetName && candidate.vpcId === vpc?.id);
    return { instanceId: drawn.instances.find((instance) => instance.name === "main" && instance.subnetId === subnet?.id)?.id ?? "" };
  };
  async function ask(source: string, destination: string, kind: ProbeRequest["kind"], port: number | null): Promise<ProbeResult> {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const jobId = `probe-${++probes}`;
    agent.server.sendJob((signed) => ({ ...common, ...signed, kind: "probe", jobId, probe: { probeId: jobId, source: end(source), destination: end(destination), kind, port } }));
    await agent.server.until(() => agent.server.ofType("probe-done").some((done) => done.jobId === jobId), 20_000);
    return agent.server.ofType("probe-done").find((done) => done.jobId === jobId)!.result;
  }

  it.each<[string, string, ProbeRequest["kind"], number | null, ProbeResult["outcome"]]>([
    ["internet", "vpc1-public", "http", 8080, "reached"], ["internet", "vpc1-public", "ping", null, "reached"], ["internet", "vpc1-private", "tcp", 8080, "timeout"],
    ["vpc1-public", "vpc1-private", "http", 8080, "reached"], ["vpc1-public", "vpc1-private", "tcp", 22, "timeout"], ["vpc1-public", "vpc1-private", "udp", 5353, "timeout"],
    ["vpc1-public", "vpc2-public", "udp", 5353, "reached"], ["vpc2-public", "vpc1-public", "tcp", 9, "refused"],
    ["vpc1-private", "internet", "http", 80, "reached"], ["vpc1-private", "internet", "udp", 123, "reached"], ["vpc1-private", "internet", "ping", null, "reached"],
  ])("%s → %s by %s %s: %s, and the drawing says so", async (source, destination, kind, port, outcome) => {
    const result = await ask(source, destination, kind, port);
    expect({ outcome: result.outcome, sentence: result.sentence }).toMatchObject({ outcome });
    expect(agrees(result.expected, result.outcome), result.expected.why).toBe(true);
  });

  it.each<ProbeRequest["kind"]>(["http", "tcp", "ping"])("comes from the internet's address that the drawing speaks of: by %s", async (kind) => {
    const nft = (...words: [string, ...string[]]) => lab.inside(SANDBOX_INTERNET_NETNS, "nft", ...words);
    await nft(`table ip test { chain out { type filter hook output priority 0; ip saddr 198.51.100.0/24 drop; }; }`);
    try {
      expect((await ask("internet", "vpc1-public", kind, kind === "ping" ? null : 8080)).outcome).not.toBe("timeout");
    } finally {
      await nft("delete table ip test");
    }
  });
});
