import { randomBytes } from "node:crypto";
import type { ApplyJob, Envelope, Job } from "@vpclab/shared/wire/job";
import { KeySetSchema } from "@vpclab/shared/wire/key-set";
import { JobSchema, PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { Deployment } from "@vpclab/shared/wire/live";
import type { AgentMessage, ServerMessage } from "@vpclab/shared/wire/messages";
import { PROTOCOL_VERSION, ServerHelloSchema, ServerMessageSchema } from "@vpclab/shared/wire/messages";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { WebSocket } from "ws";
import { generateKeyPem, signingKeyFromPem, verifyKeyFromText } from "../signing/ed25519";
import type { SigningKey } from "../signing/ed25519";
import { openEnvelope, sealEnvelope } from "../signing/envelope";
import { until } from "./until";

export interface AgentIdentity {
  readonly agentId: string;
  readonly key: SigningKey;
  /** The server's job key, and the version of its key set. */
  jobKey: string;
  keySet?: number;
  /** The last number that it has kept; a copy of the identity is a copied state directory. */
  joinSeq?: number;
}

export const newAgentKey = (): SigningKey => signingKeyFromPem(generateKeyPem());

/** The request by which an agent enrols with a join token. */
export function enrolRequest(joinToken: string, key: SigningKey, changes: { publicKey?: string; tokenId?: string; hostName?: string } = {}) {
  const [, , tokenId = "", secret = ""] = joinToken.split(".");
  const body = { v: PROTOCOL_VERSION, tokenId, publicKey: key.publicKey, hostName: "fake-host", mode: "sandbox", ...changes };
  return { tokenId, secret, hello: sealEnvelope(PAYLOAD_TYPE.enrol, body, key) };
}

export const postEnrol = (origin: string, request: unknown): Promise<Response> =>
  fetch(`${origin}/agent/v1/enrol`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) });

export async function enrol(origin: string, joinToken: string, hostName?: string): Promise<AgentIdentity> {
  const key = newAgentKey();
  const response = await postEnrol(origin, enrolRequest(joinToken, key, hostName === undefined ? {} : { hostName }));
  if (response.status !== 200) throw new Error(`not enrolled: ${response.status} ${await response.text()}`);
  const { agentId, jobKey } = (await response.json()) as { agentId: string; jobKey: string };
  return { agentId, key, jobKey, joinSeq: 0 };
}

const NOTHING: Deployment = { state: "empty", revision: 0, generation: 0, objects: {}, publicAddresses: {} };

/**
 * An agent that keeps the protocol over a real socket and whose kernel is a map. It remembers over connections what it
 * was asked for, as a real one does.
 */
export class FakeAgent {
  readonly deployments = new Map<string, Deployment>();
  /** Every verified job, in order of arrival, over all connections. */
  readonly jobs: Job[] = [];
  /** What it answers to a job; replaced by tests. */
  onJob: (job: Job) => void = (job) => this.carryOut(job);
  #socket: WebSocket | null = null;
  #ready = false;
  #seq = 0;
  closeCode: number | null = null;
  /** Whether it says that it has public addresses to give. */
  publicPool = false;

  constructor(readonly identity: AgentIdentity) {}

  /** Connects and waits until the server has welcomed it. `url`: `ws://…/agent` or `ws+unix:…:/agent`. */
  async connect(url: string): Promise<void> {
    await this.welcomed(url, { stay: true });
    this.send({ type: "inventory", topologies: [...this.deployments].map(([topologyId, deployment]) => ({ topologyId, deployment, contentHash: "" })) });
  }

  /** Comes as far as the welcome and says nothing more; dies there unless it is to `stay`. */
  async welcomed(url: string, { stay = false } = {}): Promise<void> {
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#ready = false;
    this.#seq = 0;
    this.closeCode = null;
    const nonce = randomBytes(16).toString("base64url");
    socket.on("message", (data) => this.#heard(ServerMessageSchema.parse(JSON.parse(String(data))), nonce));
    socket.once("close", (code) => {
      if (this.#socket === socket) this.closeCode = code;
    });
    socket.once("error", () => {});
    await until(() => this.#ready || this.closeCode !== null);
    if (!this.#ready) throw new Error(`refused with ${this.closeCode}`);
    if (!stay) this.cut();
  }

  send(message: AgentMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /** Takes nothing more from the network, also no close frame. */
  stopReading(): void {
    this.#socket?.pause();
  }

  /** As after kill -9: no close frame. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Applies: everything drawn is in place at once. */
  carryOut(job: Job): void {
    if (job.kind === "plan") return this.send({ type: "plan-done", jobId: job.jobId, plan: { changes: [], steps: 7, basis: "observed" } });
    if (job.kind === "probe") {
      return this.send({
        type: "probe-done", jobId: job.jobId,
        result: {
          probeId: job.probe.probeId, kind: job.probe.kind, outcome: "reached", sentence: "3 of 3 packets came back", roundTripMs: 0.1, body: null,
          source: "10.0.1.2", destination: "10.0.2.2",
          expected: { reachable: true, why: "same VPC", decision: { code: "REACHABLE", objectId: null, rule: null }, there: [], back: [] },
        },
      });
    }
    this.send({ type: "job-accepted", jobId: job.jobId });
    const deployment = this.apply(job);
    this.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment });
  }

  /** What the kernel holds after an apply, without a word to the server. */
  apply(job: ApplyJob): Deployment {
    const known = this.deployments.get(job.topologyId) ?? NOTHING;
    if (job.generation < known.generation) throw new Error(`generation ${job.generation} after ${known.generation}`);
    const ids = job.desired ? [...objectsOf(job.desired)].map(({ object }) => object.id) : [];
    const deployment: Deployment = {
      state: job.desired ? "in-place" : "empty", revision: job.revision, generation: job.generation,
      objects: Object.fromEntries(ids.map((id) => [id, { state: "in-place" }])), publicAddresses: this.#addresses(job.desired),
    };
    this.deployments.set(job.topologyId, deployment);
    return deployment;
  }

  /** From the pool, if it has one: to every Elastic IP that is associated. */
  #addresses(desired: ApplyJob["desired"]): Record<string, string> {
    const taken = this.publicPool ? (desired?.elasticIps ?? []).filter(({ target }) => target !== null) : [];
    return Object.fromEntries(taken.map(({ id }, i) => [id, `198.51.100.${129 + i}`]));
  }

  /** As a real agent does: by the key that it holds, one version on. */
  #follow({ signatures: [before, own], ...envelope }: Envelope): void {
    const { jobKey, keySet = 1 } = this.identity;
    const body = before && openEnvelope({ ...envelope, signatures: [before] }, PAYLOAD_TYPE.keySet, verifyKeyFromText(jobKey), KeySetSchema);
    const confirmed = own && body?.ok && openEnvelope({ ...envelope, signatures: [own] }, PAYLOAD_TYPE.keySet, verifyKeyFromText(body.value.jobKey), KeySetSchema);
    if (!confirmed || !confirmed.ok || confirmed.value.version !== keySet + 1) throw new Error("a key set that cannot be followed");
    this.identity.jobKey = confirmed.value.jobKey;
    this.identity.keySet = confirmed.value.version;
  }

  #heard(message: ServerMessage, nonce: string): void {
    const { agentId, key, jobKey } = this.identity;
    if (message.type === "challenge") {
      const hello = { v: PROTOCOL_VERSION, agentId, serverNonce: message.serverNonce, agentNonce: nonce, joinSeq: this.identity.joinSeq ?? 0, keySet: this.identity.keySet ?? 1, mode: "sandbox", kernel: "6.18.0", version: "0.1.0", publicPool: this.publicPool };
      return this.send({ type: "hello", hello: sealEnvelope(PAYLOAD_TYPE.agentHello, hello, key) });
    }
    const serverKey = verifyKeyFromText(jobKey);
    if (message.type === "key-set") return this.#follow(message.envelope);
    if (message.type === "welcome") {
      const hello = openEnvelope(message.hello, PAYLOAD_TYPE.serverHello, serverKey, ServerHelloSchema);
      if (!hello.ok || hello.value.agentNonce !== nonce) throw new Error("the server did not prove who it is");
      this.identity.joinSeq = hello.value.joinSeq;
      this.#ready = true;
      return;
    }
    const job = openEnvelope(message.envelope, PAYLOAD_TYPE.job, serverKey, JobSchema);
    if (!job.ok) throw new Error(`a job that cannot be verified: ${job.error.message}`);
    if (job.value.kind === "apply" && job.value.epoch !== (this.identity.keySet ?? 1)) throw new Error(`a job of epoch ${job.value.epoch}`);
    if (job.value.aud !== agentId || job.value.session !== nonce || job.value.seq !== ++this.#seq) throw new Error("a job for another connection");
    this.jobs.push(job.value);
    this.onJob(job.value);
  }
}
