import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ApplyJob, Envelope, Job, PayloadType } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { preAuthEncoding } from "@vpclab/shared/wire/job";
import { encodeBase64 } from "@vpclab/shared/wire/base64";
import type { SigningKey } from "../../src/link/ed25519";
import { generateSigningKey, signBytes } from "../../src/link/ed25519";
import { sealEnvelope } from "../../src/link/envelope";
import type { VerifyContext } from "../../src/link/verify-job";
import { BUILT_IN_POLICY } from "../../src/policy/policy";

/** The server's side of a signed job, for tests: real keys, real signatures. */
export const serverKey = generateSigningKey();
export const AGENT_ID = "agent-1";
export const SESSION = "s".repeat(32);
export const TOPOLOGY_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
export const NOW = 1_800_000_000_000;

export const LAB: Topology = {
  ...EMPTY_TOPOLOGY,
  vpcs: [{
    id: "vpc-00000001", name: "vpc1", cidr: "10.0.0.0/16",
    mainRouteTableId: "rtb-00000001", defaultNetworkAclId: "acl-00000001", defaultSecurityGroupId: "sg-00000001", reachableFromHost: false, dnsSupport: true,
  }],
  subnets: [{ id: "subnet-00000001", vpcId: "vpc-00000001", name: "public", cidr: "10.0.1.0/24", routeTableId: null, networkAclId: null, autoAssignPublicAddress: true, firewall: null }],
  instances: [{
    id: "i-00000001", subnetId: "subnet-00000001", name: "main", address: "10.0.1.2", webServer: { port: 80 },
    securityGroupIds: ["sg-00000001"], sourceDestCheck: true, publishedPorts: [{ protocol: "tcp", hostPort: 8080, port: 80 }],
  }],
  internetGateways: [{ id: "igw-00000001", vpcId: "vpc-00000001", name: "igw" }],
  routeTables: [{ id: "rtb-00000001", vpcId: "vpc-00000001", name: "main", routes: [{ destination: "0.0.0.0/0", target: { kind: "internet-gateway", id: "igw-00000001" } }] }],
  networkAcls: [{
    id: "acl-00000001", vpcId: "vpc-00000001", name: "default",
    entries: (["ingress", "egress"] as const).map((direction) => ({ direction, number: 100, action: "allow", protocol: "all", ports: null, cidr: "0.0.0.0/0" })),
  }],
  securityGroups: [{
    id: "sg-00000001", vpcId: "vpc-00000001", name: "default", description: "",
    rules: [{ id: "sgr-00000001", direction: "egress", protocol: "all", ports: null, peer: { cidr: "0.0.0.0/0" }, description: "" }],
  }],
};

export function applyJob(change: Partial<ApplyJob> = {}): ApplyJob {
  return {
    v: 1, kind: "apply", aud: AGENT_ID, session: SESSION, seq: 1, jobId: "job-1", topologyId: TOPOLOGY_ID, issuedAt: NOW, notAfter: NOW + 60_000,
    actor: { userId: "user-1", name: "ann", role: "admin" }, topologyName: "default", revision: 3, epoch: 1, generation: 1, desired: LAB, ...change,
  };
}

export const sealed = (job: Job | object, type: PayloadType = PAYLOAD_TYPE.job, key: SigningKey = serverKey): Envelope => sealEnvelope(type, job, key);

/** Signs bytes that `JSON.stringify` would never make. */
export function sealedText(text: string, type: string = PAYLOAD_TYPE.job, key: SigningKey = serverKey): Envelope {
  const bytes = new TextEncoder().encode(text);
  const sig = encodeBase64(signBytes(preAuthEncoding(type, bytes), key));
  return { payloadType: type, payload: encodeBase64(bytes), signatures: [{ keyid: key.keyId, sig }] };
}

export function context(change: Partial<VerifyContext> = {}): VerifyContext {
  return {
    authority: "server", key: serverKey, epoch: null, agentId: AGENT_ID, session: SESSION, lastSeq: 0, nowMs: NOW, fenceOf: () => null, deployed: [], policy: BUILT_IN_POLICY, ...change,
  };
}
