import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, describe, expect, it } from "vitest";
import type { Topology } from "@vpclab/shared/topology/topology";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { Envelope } from "@vpclab/shared/wire/job";
import { EnvelopeSchema, JobSchema, PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { ServerMessageSchema } from "@vpclab/shared/wire/messages";
import { decodeStrictJsonText, ENVELOPE_LIMITS } from "@vpclab/shared/wire/strict-json";
import { AGENT_ID, applyJob, context, LAB, NOW, sealed, sealedText, serverKey, SESSION, TOPOLOGY_ID } from "../../test/link/job-fixture";
import { BUILT_IN_POLICY, PolicySchema } from "../policy/policy";
import { generateSigningKey } from "./ed25519";
import type { VerifyContext } from "./verify-job";
import { verifyJob, verifyStoredApply } from "./verify-job";

let inLoops = 0;
afterAll(({}, file) => console.info(badInputCount("G", file, inLoops)));

const codeOf = (envelope: Envelope, change: Partial<VerifyContext> = {}): string => {
  const verdict = verifyJob(envelope, context(change));
  return verdict.ok ? "accepted" : verdict.error.code;
};
/** From the text of a frame, as the connection does it. */
const codeOfText = (text: string): string => {
  const decoded = decodeStrictJsonText(text, ENVELOPE_LIMITS);
  if (!decoded.ok) return decoded.error.code;
  const envelope = EnvelopeSchema.safeParse(decoded.value);
  return envelope.success ? codeOf(envelope.data) : "SCHEMA";
};

describe("a job that was signed for this agent, connection and moment", () => {
  it("is accepted", () => {
    const verdict = verifyJob(sealed(applyJob()), context());
    expect(verdict).toEqual({ ok: true, value: { ...applyJob(), authority: "server" } });
    expect(codeOfText(JSON.stringify(sealed(applyJob())))).toBe("accepted");
  });

  it("is accepted as plan, as probe, as a look at rules, as the end of an apply and as removal", () => {
    const { revision: _r, epoch: _e, generation: _g, ...plan } = applyJob();
    expect(codeOf(sealed({ ...plan, kind: "plan" }))).toBe("accepted");
    const { topologyName: _n, desired: _d, ...common } = plan;
    const probe = { probeId: "p", source: { instanceId: "i-00000001" }, destination: { internet: true }, kind: "ping", port: null };
    expect(codeOf(sealed({ ...common, kind: "probe", probe }))).toBe("accepted");
    expect(codeOf(sealed({ ...common, kind: "rule-hits", objectId: "sg-00000001" }))).toBe("accepted");
    expect(codeOf(sealed({ ...common, kind: "cancel", generation: 3 }))).toBe("accepted");
    expect(codeOf(sealed(applyJob({ desired: null })))).toBe("accepted");
  });

  it("is accepted as a look at the host's system, which is about no topology and says nothing of what to run", () => {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, topologyId, ...common } = applyJob();
    expect(codeOf(sealed({ ...common, kind: "checks" }))).toBe("accepted");
    expect(codeOf(sealed({ ...common, kind: "checks", topologyId }))).toBe("SCHEMA");
    expect(codeOf(sealed({ ...common, kind: "checks", programs: ["id"] }))).toBe("SCHEMA");
  });
});

describe("an envelope that was touched is refused", () => {
  it("with any single bit of its text flipped", () => {
    const text = JSON.stringify(sealed(applyJob()));
    const bytes = Buffer.from(text, "latin1");
    let accepted = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const turned = Buffer.from(bytes);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      if (codeOfText(turned.toString("latin1")) === "accepted") accepted += 1;
    }
    inLoops += bytes.length * 8;
    expect(accepted).toBe(0);
  }, 60_000);

  it("with any byte removed or doubled", () => {
    const text = JSON.stringify(sealed(applyJob()));
    const accepted = Array.from(text).filter((char, at) =>
      codeOfText(text.slice(0, at) + text.slice(at + 1)) === "accepted" || codeOfText(text.slice(0, at) + char + text.slice(at)) === "accepted");
    inLoops += text.length * 2;
    expect(accepted).toEqual([]);
  }, 60_000);

  it.each(["alg", "typ", "kid", "header"])("with a field %s besides its own", (field) => {
    expect(codeOfText(JSON.stringify({ ...sealed(applyJob()), [field]: "none" }))).toBe("SCHEMA");
  });
});

describe("signatures", () => {
  const good = sealed(applyJob());
  const [signature] = good.signatures;

  it("are exactly one", () => {
    expect(codeOf({ ...good, signatures: [] })).toBe("SIG_COUNT");
    expect(codeOf({ ...good, signatures: [signature!, signature!] })).toBe("SIG_COUNT");
    expect(codeOf({ ...good, signatures: Array.from({ length: 100 }, () => signature!) })).toBe("SIG_COUNT");
  });

  it("are made by the pinned key, whatever their key id says", () => {
    const other = generateSigningKey();
    const foreign = sealed(applyJob(), PAYLOAD_TYPE.job, other);
    expect(codeOf(foreign)).toBe("KEY_UNKNOWN");
    expect(codeOf({ ...foreign, signatures: [{ ...foreign.signatures[0]!, keyid: serverKey.keyId }] })).toBe("SIG_INVALID");
    expect(codeOf({ ...good, signatures: [{ ...signature!, keyid: other.keyId }] })).toBe("KEY_UNKNOWN");
  });

  it("have 64 bytes and a canonical S", () => {
    const raw = Buffer.from(signature!.sig, "base64");
    const withSig = (bytes: Uint8Array): string => codeOf({ ...good, signatures: [{ ...signature!, sig: Buffer.from(bytes).toString("base64") }] });
    expect(withSig(raw.subarray(0, 63))).toBe("SIG_INVALID");
    expect(withSig(Buffer.concat([raw, Buffer.from([0])]))).toBe("SIG_INVALID");
    expect(withSig(Buffer.alloc(64))).toBe("SIG_INVALID");
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = order;
    for (let i = 31; i >= 0; i--) s += BigInt(raw[32 + i]!) << BigInt(8 * i);
    const high = Buffer.from(raw);
    for (let i = 0; i < 32; i++) high[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
    expect(withSig(high)).toBe("SIG_INVALID");
  });

  it("cover type and length: the boundary between them cannot move", () => {
    const inner = Buffer.from(good.payload, "base64").toString();
    expect(codeOf({ ...good, payload: Buffer.from(` ${inner}`).toString("base64") })).toBe("SIG_INVALID");
    expect(codeOf(sealedText(inner.slice(1), `${PAYLOAD_TYPE.job} ${inner.length} {`))).toBe("TYPE");
  });

  it.each([
    ["a space", (t: string) => `${t.slice(0, 8)} ${t.slice(8)}`], ["an exclamation mark", (t: string) => `${t.slice(0, 8)}!${t.slice(8)}`],
    ["no padding", (t: string) => t.replace(/=+$/, "")], ["a line break", (t: string) => `${t}\n`], ["url-safe letters", () => "-_-_"],
  ])("are refused in base64 with %s", (_name, spoil) => {
    expect(codeOf({ ...good, signatures: [{ ...signature!, sig: spoil(signature!.sig) }] })).toBe("B64");
    const odd = sealed(applyJob({ jobId: "job-12" })); // a payload that has padding
    const padded = odd.payload.endsWith("=") ? odd : sealed(applyJob({ jobId: "job-123" }));
    expect(codeOf({ ...padded, payload: spoil(padded.payload) })).toBe("B64");
  });
});

describe("a signature made for one thing is not accepted for another", () => {
  it.each(Object.entries(PAYLOAD_TYPE).filter(([meaning]) => meaning !== "job"))("%s as job", (_meaning, type) => {
    expect(codeOf(sealed(applyJob(), type))).toBe("TYPE");
    expect(codeOf({ ...sealed(applyJob(), type), payloadType: PAYLOAD_TYPE.job })).toBe("SIG_INVALID");
  });

  it.each(["application/json", PAYLOAD_TYPE.job.toUpperCase(), `${PAYLOAD_TYPE.job};v=1`, ` ${PAYLOAD_TYPE.job}`, ""])("the type %j", (type) => {
    expect(codeOf(sealedText(JSON.stringify(applyJob()), type))).toBe("TYPE");
  });
});

describe("a validly signed job is refused", () => {
  it.each<[string, object, string]>([
    ["for another agent", { aud: "agent-2" }, "AUD"], ["for a longer agent id", { aud: `${AGENT_ID}0` }, "AUD"], ["for several agents", { aud: [AGENT_ID] }, "SCHEMA"],
    ["without an agent", { aud: undefined }, "SCHEMA"],
    ["for another connection", { session: "t".repeat(32) }, "SESSION"], ["with half a nonce", { session: SESSION.slice(1) }, "SESSION"], ["without a session", { session: undefined }, "SCHEMA"],
    ["out of sequence", { seq: 2 }, "SEQ"], ["with sequence 0", { seq: 0 }, "SCHEMA"],
    ["6 minutes after it ended", { notAfter: NOW - 360_000 }, "EXPIRED"], ["of 1970", { notAfter: 0 }, "EXPIRED"], ["until 9999", { notAfter: 253_402_300_799_000 }, "EXPIRED"],
    ["without an end", { notAfter: undefined }, "SCHEMA"],
    ["of kind exec", { kind: "exec" }, "KIND"], ["of kind shell", { kind: "shell", command: "id" }, "KIND"], ["of kind __proto__", { kind: "toString" }, "KIND"],
    ["with a field that does not exist", { command: "id" }, "SCHEMA"], ["with a topology id that is a path", { topologyId: "../../etc" }, "SCHEMA"],
    ["of another version", { v: 2 }, "SCHEMA"], ["with a name for a shell", { topologyName: "a;id" }, "NAME_GRAMMAR"], ["with a name for an option", { topologyName: "-h" }, "NAME_GRAMMAR"],
  ])("%s", (_name, change, code) => expect(codeOf(sealed({ ...applyJob(), ...change }))).toBe(code));

  it("accepts clocks that differ by 4 minutes", () => expect(codeOf(sealed(applyJob({ notAfter: NOW - 240_000 })))).toBe("accepted"));

  it("when its JSON can be read in two ways", () => {
    const text = JSON.stringify(applyJob());
    expect(codeOf(sealedText(text.replace('"aud":', '"aud":"agent-2","aud":')))).toBe("JSON_DUPKEY");
    expect(codeOf(sealedText(text.replace('"v":1', '"v":1.0')))).toBe("JSON_LIMIT");
    expect(codeOf(sealedText(text.replace('"v":1', '"v":1,"__proto__":{}')))).toBe("JSON_SYNTAX");
    expect(codeOf(sealedText(`\ufeff${text}`))).toBe("JSON_SYNTAX");
    expect(codeOf(sealedText(`${text}{}`))).toBe("JSON_SYNTAX");
  });

  it("when its drawing contradicts itself, with the field that does", () => {
    const twice = { ...LAB, subnets: [...LAB.subnets, { ...LAB.subnets[0]!, id: "subnet-00000002", cidr: "10.0.9.0/24" }] };
    expect(verifyJob(sealed(applyJob({ desired: twice })), context())).toMatchObject({
      ok: false, error: { code: "NAME_TAKEN", jobId: "job-1", seq: 1, issues: [{ path: ["subnets", 1, "name"] }] },
    });
    const outside = { ...LAB, instances: [{ ...LAB.instances[0]!, address: "10.0.2.2" }] };
    expect(codeOf(sealed(applyJob({ desired: outside })))).toBe("ADDR_OUTSIDE_SUBNET");
  });
});

describe("the fence", () => {
  const fenced = (change: object): Partial<VerifyContext> => ({
    fenceOf: () => ({ epoch: 2, generation: 5, contentHash: contentHashOf("default", LAB), tombstone: false, ...change }),
  });

  it("lets the next generation and the next epoch through, older ones not", () => {
    expect(codeOf(sealed(applyJob({ epoch: 2, generation: 6 })), fenced({}))).toBe("accepted");
    expect(codeOf(sealed(applyJob({ epoch: 3, generation: 1 })), fenced({ generation: Number.MAX_SAFE_INTEGER }))).toBe("accepted");
    expect(codeOf(sealed(applyJob({ epoch: 2, generation: 4 })), fenced({}))).toBe("STALE");
    expect(codeOf(sealed(applyJob({ epoch: 1, generation: 9 })), fenced({}))).toBe("STALE");
  });

  it("takes the same generation again with the same content, and with no other", () => {
    expect(codeOf(sealed(applyJob({ epoch: 2, generation: 5 })), fenced({}))).toBe("accepted");
    expect(codeOf(sealed(applyJob({ epoch: 2, generation: 5, desired: null })), fenced({}))).toBe("EQUIVOCATION");
    expect(codeOf(sealed(applyJob({ epoch: 2, generation: 5, topologyName: "other" })), fenced({}))).toBe("EQUIVOCATION");
  });

  it("keeps a removed topology removed", () => {
    expect(codeOf(sealed(applyJob({ epoch: 2, generation: 4 })), fenced({ tombstone: true, contentHash: contentHashOf("default", null) }))).toBe("STALE");
  });
});

describe("the host's own policy", () => {
  const policy = (rules: object): Partial<VerifyContext> => ({ policy: { rules: PolicySchema.parse(rules), source: "/etc/vpclab/policy.json" } });

  it("names the rule and the field", () => {
    expect(verifyJob(sealed(applyJob()), context(policy({ allowCidrs: ["192.168.0.0/16"] })))).toMatchObject({
      ok: false,
      error: { code: "POLICY_CIDR", message: expect.stringMatching(/10\.0\.0\.0\/16.*allowCidrs of \/etc\/vpclab\/policy\.json/), issues: [{ path: ["vpcs", 0, "cidr"], objectId: "vpc-00000001" }] },
    });
  });

  it("names the line of the file, and where there is none the default", () => {
    const lines = new Map([["allowCidrs", 4], ["max.vpcs", 7]]);
    const from = (rules: object): Partial<VerifyContext> => ({ policy: { rules: PolicySchema.parse(rules), source: "/etc/vpclab/policy.json", lines } });
    const messageOf = (rules: object): string => {
      const verdict = verifyJob(sealed(applyJob()), context(from(rules)));
      return verdict.ok ? "accepted" : verdict.error.message;
    };
    expect(messageOf({ allowCidrs: ["192.168.0.0/16"] })).toContain("allowCidrs of /etc/vpclab/policy.json, line 4");
    expect(messageOf({ max: { vpcs: 0 } })).toContain("max.vpcs of /etc/vpclab/policy.json, line 7");
    expect(messageOf({ max: { subnets: 0 } })).toContain("max.subnets of /etc/vpclab/policy.json, which leaves it at its default");
  });

  it.each<[string, object, string, (string | number)[], string | undefined]>([
    ["a range that is denied", { denyCidrs: ["10.0.3.0/24"] }, "POLICY_CIDR", ["vpcs", 0, "cidr"], "vpc-00000001"],
    ["a way out by the uplink", { allowUplink: false }, "POLICY_UPLINK", ["internetGateways", 0], "igw-00000001"],
    ["a web server", { features: { webServer: false } }, "POLICY_FEATURE", ["instances", 0, "webServer"], "i-00000001"],
    ["one VPC too many", { max: { vpcs: 0 } }, "POLICY_LIMIT", ["vpcs", 0], "vpc-00000001"],
    ["one link too many", { max: { links: 1 } }, "POLICY_LIMIT", ["instances", 0], "i-00000001"],
    ["one rule too many", { max: { rules: 1 } }, "POLICY_LIMIT", ["networkAcls", 0], "acl-00000001"],
    ["a topology too many", { max: { topologies: 0 } }, "POLICY_LIMIT", [], undefined],
    ["a job too large", { max: { jobBytes: 1000 } }, "POLICY_LIMIT", [], undefined],
  ])("refuses %s and says of which object", (_name, rules, code, path, objectId) => {
    const verdict = verifyJob(sealed(applyJob()), context(policy(rules)));
    expect(verdict).toMatchObject({ ok: false, error: { code, jobId: "job-1", issues: [{ code, path }] } });
    if (!verdict.ok) expect(verdict.error.issues?.[0]?.objectId).toBe(objectId);
  });

  it("counts what other topologies have", () => {
    const unpublished = { ...LAB, instances: LAB.instances.map((instance) => ({ ...instance, publishedPorts: [] })) };
    const other = { topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", name: "other", document: unpublished, authority: "server" as const };
    const max = (kind: string, most: number): Partial<VerifyContext> => ({ ...policy({ max: { [kind]: most } }), deployed: [other] });
    for (const kind of ["topologies", "vpcs", "subnets", "instances", "routeTables", "routes", "securityGroups", "networkAcls"]) {
      expect(codeOf(sealed(applyJob()), max(kind, 1)), kind).toBe("POLICY_LIMIT");
      expect(codeOf(sealed(applyJob()), max(kind, 2)), kind).toBe("accepted");
    }
    expect(codeOf(sealed(applyJob()), max("links", 5))).toBe("POLICY_LIMIT");
    expect([codeOf(sealed(applyJob()), max("rules", 5)), codeOf(sealed(applyJob()), max("rules", 6))]).toEqual(["POLICY_LIMIT", "accepted"]);
    expect([codeOf(sealed(applyJob()), max("publishedPorts", 0)), codeOf(sealed(applyJob()), max("publishedPorts", 1))]).toEqual(["POLICY_LIMIT", "accepted"]);
  });

  it("bounds the host ports that are published, and gives each to one topology only", () => {
    const path = ["instances", 0, "publishedPorts", 0, "hostPort"];
    const verdict = (change: Partial<VerifyContext>) => verifyJob(sealed(applyJob()), context(change));
    expect(verdict(policy({ publishedPorts: { from: 30_000, to: 32_767 } }))).toMatchObject({ ok: false, error: { code: "POLICY_LIMIT", message: expect.stringContaining("30000 to 32767"), issues: [{ path }] } });
    const other = { topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", name: "other", document: LAB, authority: "server" as const };
    expect(verdict({ deployed: [other] })).toMatchObject({ ok: false, error: { code: "PORT_TAKEN", issues: [{ path }] } });
    expect(verdict({ portsInUse: () => new Set(["tcp 8080"]) })).toMatchObject({ ok: false, error: { code: "PORT_TAKEN", message: expect.stringContaining("program of this host") } });
    expect(verdict({ portsInUse: () => new Set(["udp 8080", "tcp 80"]) })).toMatchObject({ ok: true });
    const udp = { ...LAB, instances: [{ ...LAB.instances[0]!, publishedPorts: [{ protocol: "udp" as const, hostPort: 8080, port: 80 }] }] };
    expect(codeOf(sealed(applyJob()), { deployed: [{ ...other, document: udp }] })).toBe("accepted");
    expect(codeOf(sealed(applyJob()), { deployed: [{ ...other, topologyId: TOPOLOGY_ID }] })).toBe("accepted");
  });

  it("holds for what lies behind a peering with another topology, which is never this one", () => {
    const peered = (topologyId: string, cidr: string): Topology => ({
      ...LAB, peerings: [{
        id: "pcx-00000001", name: "out", requesterVpcId: "vpc-00000001", accepterVpcId: "vpc-0000000f", status: "active",
        remote: { side: "accepter", topologyId, topologyName: "other", vpcName: "vpc1", cidr },
      }],
    });
    const other = "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11";
    expect(codeOf(sealed(applyJob({ desired: peered(other, "10.1.0.0/16") })))).toBe("accepted");
    expect(codeOf(sealed(applyJob({ desired: peered(TOPOLOGY_ID, "10.1.0.0/16") })))).toBe("PEER_SELF");
    expect(codeOf(sealed(applyJob({ desired: peered(other, "172.16.0.0/16") })), policy({ allowCidrs: ["10.0.0.0/8"] }))).toBe("POLICY_CIDR");
  });

  it("bounds the tests of a minute, and lets those of root on the host go", () => {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const probe = sealed({ ...common, kind: "probe", probe: { probeId: "p", source: { instanceId: "i-00000001" }, destination: { internet: true }, kind: "ping", port: null } });
    const { policy: three } = policy({ max: { probesPerMin: 3 } });
    expect(codeOf(probe, { policy: three!, recentProbes: 2 })).toBe("accepted");
    expect(codeOf(probe, { policy: three!, recentProbes: 3 })).toBe("POLICY_LIMIT");
    expect(codeOf(probe, { policy: three! })).toBe("accepted");
  });

  it("counts a measurement as so many flows, and a long one is refused as a whole", () => {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const flow = { source: { instanceId: "i-00000001" }, destination: { internet: true } };
    const measure = (count: number) => sealed({ ...common, kind: "measure", request: { kind: "ping", port: null, flows: Array.from({ length: count }, () => flow) } });
    const { policy: ten } = policy({ max: { flowsPerMin: 10, probesPerMin: 0 } });
    expect(codeOf(measure(10), { policy: ten!, recentFlows: 0 })).toBe("accepted");
    expect(codeOf(measure(6), { policy: ten!, recentFlows: 5 })).toBe("POLICY_LIMIT");
    expect(codeOf(measure(11), { policy: ten! })).toBe("POLICY_LIMIT");
    expect([codeOf(measure(0)), codeOf(measure(257))]).toEqual(["SCHEMA", "SCHEMA"]);
    expect(codeOf(measure(1), policy({ features: { probe: false } }))).toBe("POLICY_FEATURE");
  });

  it("has one spelling for each topology: an id in capitals would be another one", () => {
    const { topologyId } = applyJob();
    expect(topologyId).toMatch(/[a-f]/);
    expect(codeOf(sealed(applyJob({ topologyId: topologyId.toUpperCase() })))).toBe("SCHEMA");
  });

  it("cannot be written by anything that a server may say", () => {
    expect(ServerMessageSchema.options.map(({ shape }) => shape.type.value).sort()).toEqual(["ack", "challenge", "job", "key-set", "welcome"]);
    expect(JobSchema.options.map(({ shape }) => shape.kind.value).sort()).toEqual(["apply", "cancel", "checks", "inspect", "measure", "plan", "probe", "rule-hits"]);
    const open = { allowCidrs: ["0.0.0.0/0"] };
    for (const job of [{ ...applyJob(), policy: open }, { ...applyJob(), kind: "plan", policy: open }, { ...applyJob(), desired: { ...LAB, policy: open } }]) expect(codeOf(sealed(job))).toBe("SCHEMA");
    for (const kind of ["policy", "config", "file", "update"]) expect(codeOf(sealed({ ...applyJob(), kind, policy: open }))).toBe("KIND");
    for (const message of [{ type: "policy", policy: open }, { type: "job", envelope: sealed(applyJob()), policy: open }]) expect(ServerMessageSchema.safeParse(message).success).toBe(false);
  });

  it("switches off web servers and probes", () => {
    expect(codeOf(sealed(applyJob()), policy({ features: { webServer: false } }))).toBe("POLICY_FEATURE");
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const probe = { probeId: "p", source: { instanceId: "i-00000001" }, destination: { internet: true }, kind: "ping", port: null };
    expect(codeOf(sealed({ ...common, kind: "probe", probe }), policy({ features: { probe: false } }))).toBe("POLICY_FEATURE");
  });

  it("never stands in the way of a removal", () => {
    expect(codeOf(sealed(applyJob({ desired: null })), policy({ allowCidrs: [], max: { topologies: 0 } }))).toBe("accepted");
  });

  it("refuses a name that another topology of this host has", () => {
    const deployed = [{ topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", name: "default", document: LAB, authority: "server" as const }];
    expect(codeOf(sealed(applyJob()), { deployed })).toBe("NAME_TAKEN");
    expect(codeOf(sealed(applyJob()), { deployed: [{ ...deployed[0]!, topologyId: TOPOLOGY_ID }] })).toBe("accepted");
  });
});

describe("how long an apply waits for its server's word", () => {
  const job = applyJob({ confirmWithinMs: 60_000 });

  it("is signed with the rest of the job", () => {
    const good = sealed(job);
    expect(verifyJob(good, context())).toMatchObject({ ok: true, value: { confirmWithinMs: 60_000 } });
    for (const said of [{ ...job, confirmWithinMs: 0 }, applyJob()]) {
      expect(codeOf({ ...good, payload: Buffer.from(JSON.stringify(said)).toString("base64") })).toBe("SIG_INVALID");
    }
  });

  it.each([[-1, "SCHEMA"], [0.5, "JSON_LIMIT"], [3_600_001, "SCHEMA"], [3_600_000, "accepted"], [0, "accepted"]])("of %s ms: %s", (confirmWithinMs, code) => {
    expect(codeOf(sealed(applyJob({ confirmWithinMs })))).toBe(code);
  });

  it.each([[1, 1_000], [600, 60_000], [0, 0]])("is at most %s s where the host's policy says so: %s ms", (confirmSeconds, confirmWithinMs) => {
    const policy = { rules: PolicySchema.parse({ max: { confirmSeconds } }), source: "policy.json" };
    expect(verifyJob(sealed(job), context({ policy }))).toMatchObject({ ok: true, value: { confirmWithinMs } });
    expect(verifyStoredApply(sealed(job), { ...context(), policy })).toMatchObject({ ok: true, value: { confirmWithinMs } });
  });

  it("is no part of plans and tests", () => {
    const { revision: _r, epoch: _e, generation: _g, ...plan } = job;
    expect(codeOf(sealed({ ...plan, kind: "plan" }))).toBe("SCHEMA");
  });
});

describe("a job from the agent's own disk", () => {
  const stored = { authority: "server" as const, key: serverKey, agentId: AGENT_ID, deployed: [], policy: BUILT_IN_POLICY };

  it("is read again without connection and clock, and only with the signature", () => {
    const old = sealed(applyJob({ notAfter: 1, session: "u".repeat(32), seq: 77 }));
    expect(verifyStoredApply(old, stored)).toMatchObject({ ok: true, value: { generation: 1 } });
    expect(verifyStoredApply({ ...old, payload: sealed(applyJob({ generation: 2 })).payload }, stored)).toMatchObject({ ok: false, error: { code: "SIG_INVALID" } });
    expect(verifyStoredApply(old, { ...stored, agentId: "agent-2" })).toMatchObject({ ok: false, error: { code: "AUD" } });
  });
});
