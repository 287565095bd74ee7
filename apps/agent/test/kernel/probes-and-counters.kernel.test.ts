import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { TEST_TOPOLOGY_ID, peeredLab } from "@vpclab/shared/testing/builders";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { measure } from "../../src/probes/measure";
import { counterTargets } from "../../src/report/counter-targets";
import { LinkCounters } from "../../src/report/counters";
import { INTERNET_WEB_ADDRESS } from "../../src/sandbox/sandbox-state";
import { Lab } from "./lab";

const lab = new Lab();
const drawn = peeredLab();
const idOf = (kind: "main", vpc: string, subnet: string): { id: string; address: string } => {
  const vpcId = drawn.vpcs.find((candidate) => candidate.name === vpc)?.id;
  const subnetId = drawn.subnets.find((candidate) => candidate.vpcId === vpcId && candidate.name === subnet)?.id;
  const instance = drawn.instances.find((candidate) => candidate.subnetId === subnetId && candidate.name === kind);
  if (!instance) throw new Error(`${vpc}-${subnet} is not in the lab`);
  return instance;
};
const pub = idOf("main", "vpc1", "public");
const priv = idOf("main", "vpc1", "private");
const other = idOf("main", "vpc2", "public");

beforeAll(async () => {
  await lab.sandbox.ensure();
  expect(await lab.apply(drawn)).toEqual([]);
});
afterAll(async () => {
  expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
  await lab.sandbox.remove();
});

describe("a probe says what the packet did", () => {
  const probe = (kind: "ping" | "tcp" | "http", target: string, port: number | null = null, from = "vpc1-private") =>
    measure(lab,
      { namespace: from, sourceAddress: from === "vpc1-private" ? priv.address : pub.address, targetAddress: target, kind, port });

  it("ping that comes back", async () => {
    const result = await probe("ping", pub.address);
    expect(result).toMatchObject({ kind: "ping", outcome: "reached", body: null });
    expect(result.sentence).toMatch(/^3 of 3 packets came back, [\d.]+ ms on average\.$/);
    expect(result.roundTripMs).toBeGreaterThan(0);
  });
  it("ping that does not", async () => {
    expect(await probe("ping", INTERNET_WEB_ADDRESS)).toMatchObject({ outcome: "timeout", roundTripMs: null, sentence: `None of 3 packets came back from ${INTERNET_WEB_ADDRESS}.` });
  });
  it("ping to an address that nobody has is no answer, not an answer that says no", async () => {
    expect((await probe("ping", priv.address.replace(/\d+$/, "200"))).outcome).toBe("timeout");
  });
  it("tcp that connects", async () => {
    const port = drawn.instances.find((instance) => instance.id === pub.id)?.webServer?.port ?? 0;
    expect(await probe("tcp", pub.address, port)).toMatchObject({ outcome: "reached", roundTripMs: expect.any(Number) });
  });
  it("tcp that is refused", async () => {
    expect(await probe("tcp", pub.address, 81)).toMatchObject({ outcome: "refused", sentence: `${pub.address}:81 refused the connection: nothing listens there.` });
  });
  it("tcp without an answer, within its time", async () => {
    const started = performance.now();
    expect(await probe("tcp", INTERNET_WEB_ADDRESS, 80)).toMatchObject({ outcome: "timeout", roundTripMs: null });
    expect(performance.now() - started).toBeLessThan(6_000);
  });
  it("http with the beginning of the body", async () => {
    expect(await probe("http", INTERNET_WEB_ADDRESS, 80, "vpc1-public")).toMatchObject({ outcome: "reached", body: expect.stringMatching(/^198\.51\.100\.1[2-9]\d$/) });
  });
  it("from a namespace that is not there", async () => {
    await expect(probe("ping", pub.address, null, "vpc9-public")).rejects.toMatchObject({ code: "NOT_APPLIED" });
  });
});

describe("counters", () => {
  const counters = new LinkCounters(lab.sockets);
  const read = async () => (await counters.read())[TEST_TOPOLOGY_ID] ?? {};
  const igw = drawn.internetGateways.find((gateway) => drawn.vpcs.find((vpc) => vpc.id === gateway.vpcId)?.name === "vpc1")?.id ?? "";
  const pcx = drawn.peerings[0]?.id ?? "";

  beforeEach(async () => {
    counters.watch(counterTargets(lab.wanted(drawn)));
    await counters.read();
  });
  afterAll(() => counters.stop());

  it("name every instance, gateway and peering, and nothing else", async () => {
    expect(Object.keys(await read()).sort())
      .toEqual([...drawn.instances, ...drawn.internetGateways, ...drawn.peerings].map((object) => object.id).sort());
  });

  it("are seen from the object: what it sends is tx", async () => {
    const before = await read();
    // Five datagrams to where nobody answers: one way only.
    await lab.inside("vpc1-public", "node", "-e",
      `const s=require("dgram").createSocket("udp4");let n=0;for(let i=0;i<5;i++)s.send("x".repeat(500),9,"${INTERNET_WEB_ADDRESS}",()=>{if(++n==5)s.close()})`);
    const after = await read();
    const grown = (id: string, key: "rxPackets" | "txPackets" | "txBytes") => (after[id]?.[key] ?? 0) - (before[id]?.[key] ?? 0);
    expect(grown(pub.id, "txPackets")).toBeGreaterThanOrEqual(5);
    expect(grown(pub.id, "txBytes")).toBeGreaterThanOrEqual(2500);
    expect(grown(igw, "txPackets"), "towards the internet").toBeGreaterThanOrEqual(5);
    expect(grown(priv.id, "txPackets")).toBe(0);
    expect(after[pub.id]?.txBytesPerSecond).toBeGreaterThan(0);
  });

  it("count a peering from the requester's side", async () => {
    const before = await read();
    await lab.inside("vpc1-public", "node", "-e",
      `const s=require("dgram").createSocket("udp4");let n=0;for(let i=0;i<5;i++)s.send("x",9,"${other.address}",()=>{if(++n==5)s.close()})`);
    const after = await read();
    const requesterIsFirst = drawn.peerings[0]?.requesterVpcId === drawn.vpcs[0]?.id;
    const key = requesterIsFirst ? "txPackets" : "rxPackets";
    expect((after[pcx]?.[key] ?? 0) - (before[pcx]?.[key] ?? 0)).toBeGreaterThanOrEqual(5);
  });

  it("start no process for a reading", async () => {
    const before = lab.runner.commands.length;
    const start = vi.spyOn(lab.confinement, "start");
    for (let i = 0; i < 20; i++) await counters.read();
    expect(lab.runner.commands.length - before).toBe(0);
    expect(start).not.toHaveBeenCalled();
    start.mockRestore();
  });

  it("go on in the new namespace when one was deleted by hand and made again", async () => {
    await lab.runner.run({ file: "ip", args: ["netns", "delete", "vpc1"] });
    expect((await read())[pub.id], "no namespace, no figure").toBeUndefined();
    // The kernel takes the old one's links away, whose other ends then make way, a little later.
    await vi.waitUntil(async () => (await lab.apply(drawn)).length === 0 && (await lab.plan(drawn)).length === 0, { timeout: 10_000 });
    expect(await read()).toHaveProperty(pub.id);
  });

  it("begin at zero, never below, when a link is made anew", async () => {
    await lab.pings("vpc1-public", priv.address);
    const before = (await read())[pub.id];
    await lab.inside("vpc1-public", "ip", "link", "delete", "eth0");
    expect((await read())[pub.id], "no link, no figure").toBeUndefined();
    expect(await lab.apply(drawn)).toEqual([]);
    const after = (await read())[pub.id];
    expect(after?.txPackets).toBeLessThan(before?.txPackets ?? 0);
    for (const rate of [after?.rxBytesPerSecond, after?.txBytesPerSecond, after?.rxPacketsPerSecond, after?.txPacketsPerSecond]) expect(rate).toBeGreaterThanOrEqual(0);
  });

  it("keep no namespace alive that is deleted", async () => {
    await read();
    const gone = (namespace: string) => lab.kernel.apply([{ owner: { topologyId: TEST_TOPOLOGY_ID, objectId: "x" }, namespace, action: "netns-delete" }]);
    expect(await gone("vpc2")).toEqual([]);
    // Its end of the peering disappears with it.
    const peers = async () => (await lab.inside("vpc1", "ip", "-br", "link")).stdout.split("\n").filter((line) => line.startsWith("pc"));
    // The kernel deletes namespaces one after the other, those of everybody on the machine.
    await vi.waitUntil(async () => (await peers()).length === 0, { timeout: 45_000 });
    expect(await lab.apply(drawn)).toEqual([]);
  });
});
