import { describe, expect, it } from "vitest";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ProbeRequest } from "@vpclab/shared/wire/job";
import type { VerifiedProbe } from "../link/verify-job";
import type { MeasureRequest } from "../probes/measure";
import type { ProbeSite } from "./probe-job";
import { probeJob } from "./probe-job";

const LAB = twoVpcLab();
const web = LAB.instances.find(({ webServer }) => webServer)!;
const published: Topology = { ...LAB, instances: LAB.instances.map((one) => (one === web ? { ...one, publishedPorts: [{ protocol: "tcp", hostPort: 30080, port: 8080 }] } : one)) };
const INTERNET: ProbeEnd = { internet: true };
const WEB: ProbeEnd = { instanceId: web.id };
const HOST: ProbeEnd = { host: true };
const PUBLIC: ProbeEnd = { publicAddressOf: web.id };
const OTHER: ProbeEnd = { instanceId: LAB.instances.find((one) => one !== web)!.id };
const SANDBOX = { namespace: "vpclab.internet", address: "203.0.113.10", hostAddress: "198.51.100.2", hostNamespace: "vpclab.host" };

/** What would be measured for a question, and what is answered. */
async function ask(probe: Partial<ProbeRequest>, change: Partial<ProbeSite> = {}) {
  const asked: MeasureRequest[] = [];
  const job = { probe: { probeId: "p", source: INTERNET, destination: WEB, kind: "tcp", port: 8080, ...probe } } as VerifiedProbe;
  const result = await probeJob(job, {
    applied: { topologyId: "t", name: "default", document: published, publicAddresses: { [web.id]: "198.51.100.129" } },
    publicPool: true, internet: SANDBOX, takenByOthers: [],
    measure: (request) => (asked.push(request), Promise.resolve({ kind: request.kind, outcome: "reached", sentence: "", roundTripMs: 1, body: null })),
    ...change,
  });
  return { request: asked[0], result };
}

describe("where a probe is sent", () => {
  it("from the internet: to the instance's public address", async () => {
    const { request, result } = await ask({});
    expect(request).toMatchObject({ namespace: "vpclab.internet", targetAddress: "198.51.100.129", port: 8080 });
    expect(result).toMatchObject({ source: "the internet (203.0.113.10)", destination: "vpc1-public (198.51.100.129)", expected: { reachable: expect.any(Boolean) } });
  });

  it("from the internet without a pool: to the host's port that leads there", async () => {
    const { request } = await ask({}, { publicPool: false });
    expect(request).toMatchObject({ targetAddress: "198.51.100.2", port: 30080 });
  });

  it.each<[string, Partial<ProbeRequest>, Partial<ProbeSite>]>([
    ["a port that is not published", { port: 22 }, { publicPool: false }], ["a ping without a pool", { kind: "ping", port: null }, { publicPool: false }],
    ["an instance without a public address", {}, { applied: { topologyId: "t", name: "default", document: published, publicAddresses: {} } }],
  ])("from the internet to %s: nowhere, and the answer says so", async (_name, probe, change) => {
    const { request, result } = await ask(probe, change);
    expect(request).toBeUndefined();
    expect(result).toMatchObject({ outcome: "timeout", sentence: expect.stringContaining("No packet was sent") });
  });

  it("from an instance: to another's own address, with somebody who answers a datagram at its own port", async () => {
    const { request } = await ask({ source: WEB, destination: { instanceId: LAB.instances[1]!.id }, kind: "udp", port: 53 });
    expect(request).toMatchObject({ targetAddress: LAB.instances[1]!.address, port: 53, answerer: { port: 53 } });
  });

  it.each<[string, Partial<ProbeRequest>, Partial<ProbeSite>, Partial<MeasureRequest>]>([
    ["an instance to the host", { source: WEB, destination: HOST }, {}, { namespace: "vpc1-public", targetAddress: "198.51.100.2", port: 8080 }],
    ["the host to an instance", { source: HOST }, {}, { namespace: "vpclab.host", targetAddress: web.address, port: 8080 }],
    ["an instance to a public address", { source: OTHER, destination: PUBLIC }, {}, { targetAddress: "198.51.100.129", port: 8080 }],
    ["the internet to a public address", { destination: PUBLIC }, {}, { namespace: "vpclab.internet", targetAddress: "198.51.100.129", port: 8080 }],
    ["an instance to a published port", { source: OTHER, destination: PUBLIC }, { publicPool: false }, { targetAddress: "198.51.100.2", port: 30080 }],
  ])("from %s", async (_name, probe, change, request) => {
    expect((await ask(probe, change)).request).toMatchObject(request);
  });

  it.each([[HOST, INTERNET], [INTERNET, HOST], [HOST, HOST], [INTERNET, INTERNET], [HOST, PUBLIC], [PUBLIC, WEB], [PUBLIC, INTERNET]])("refuses a pair that nothing drawn lies between: %o to %o", async (source, destination) => {
    await expect(ask({ source, destination })).rejects.toMatchObject({ code: "SCHEMA" });
  });

  it("sends nothing for a public address of what is not applied, or of what no gateway leads to", async () => {
    await expect(ask({ source: WEB, destination: { publicAddressOf: "nat-00000000" } })).rejects.toMatchObject({ code: "NOT_APPLIED" });
    const applied = { topologyId: "t", name: "default", document: { ...published, internetGateways: [] }, publicAddresses: { [web.id]: "198.51.100.129" } };
    expect((await ask({ source: OTHER, destination: PUBLIC }, { applied })).request).toBeUndefined();
  });

  it("neither from a real host nor to it, and not from the host to where another topology's VPC is", async () => {
    const internet = { namespace: null, address: null, hostAddress: null, hostNamespace: null };
    for (const probe of [{ source: HOST }, { source: WEB, destination: HOST }]) await expect(ask(probe, { internet })).rejects.toMatchObject({ code: "POLICY_FEATURE" });
    await expect(ask({ source: OTHER, destination: PUBLIC }, { internet, publicPool: false })).rejects.toMatchObject({ code: "POLICY_FEATURE" });
    await expect(ask({ source: HOST }, { takenByOthers: ["10.0.0.0/8"] })).rejects.toMatchObject({ code: "POLICY_FEATURE" });
    expect((await ask({ source: HOST }, { takenByOthers: ["172.16.0.0/12"] })).request).toBeDefined();
  });

  it("never from the real internet, nor to it where no address stands for it", async () => {
    const internet = { namespace: null, address: null, hostAddress: null, hostNamespace: null };
    await expect(ask({}, { internet })).rejects.toMatchObject({ code: "POLICY_FEATURE" });
    await expect(ask({ source: WEB, destination: INTERNET }, { internet })).rejects.toMatchObject({ code: "POLICY_FEATURE" });
    await expect(ask({ port: null })).rejects.toMatchObject({ code: "PORT" });
    await expect(ask({}, { applied: null })).rejects.toMatchObject({ code: "NOT_APPLIED" });
  });
});
