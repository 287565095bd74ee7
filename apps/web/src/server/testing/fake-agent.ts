import { randomBytes } from "node:crypto";
import type { ApplyJob, Envelope, Job } from "@vpclab/shared/wire/job";
import { KeySetSchema } from "@vpclab/shared/wire/key-set";
import { JobSchema, PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { Deployment, RuleHits } from "@vpclab/shared/wire/live";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { AgentMessage, ServerMessage } from "@vpclab/shared/wire/messages";
import { isAgentEvent } from "@vpclab/shared/wire/agent-events";
import { PROTOCOL_VERSION, ServerHelloSchema, ServerMessageSchema } from "@vpclab/shared/wire/messages";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { WebSocket } from "ws";
import { generateKeyPem, signingKeyFromPem, verifyKeyFromText } from "../signing/ed25519";
import type { SigningKey } from "../signing/ed25519";
import { openEnvelope, sealEnvelope } from "../signing/envelope";
import { until } from "./until";

export interface AgentIdentity {
  readonly agentId: string;
  key: SigningKey;
  /** One that is to take the key's place, until a welcome says that it has. */
  nextKey?: SigningKey;
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
  /** What it has counted, by rule. */
  ruleHits: RuleHits["rules"] = {};
  readonly deployments = new Map<string, Deployment>();
  /** Applies that it has accepted and does not finish, by topology. */
  readonly heldUp = new Map<string, ApplyJob>();
  /** Every verified job, in order of arrival, over all connections. */
  readonly jobs: Job[] = [];
  /** Types of all frames that it has heard, over all connections. */
  readonly frames: string[] = [];
  /** What it answers to a job; replaced by tests. */
  onJob: (job: Job) => void = (job) => this.carryOut(job);
  #socket: WebSocket | null = null;
  #ready = false;
  /** Of what was applied last, as it tells in its inventory. */
  readonly contentHashes = new Map<string, string>();
  #seq = 0;
  /** Its own of this connection. */
  #nonce = "";
  /** Events: one stream, numbered; how far the server has acknowledged them. */
  stream = randomBytes(8).toString("base64url");
  lastSeq = 0;
  acked = 0;
  closeCode: number | null = null;
  /** Whether it says that it has public addresses to give. */
  publicPool = false;
  /** Laid over the body of its hello, before that is signed. */
  helloChanges: object = {};
  /** Seals its hello. */
  sealHello = (body: object, ...keys: readonly SigningKey[]): Envelope => sealEnvelope(PAYLOAD_TYPE.agentHello, body, ...keys);
  /** What its hello waits for on the way. */
  helloIsHeldUp: () => Promise<void> = () => Promise.resolve();
  /** Killed before it has kept what a welcome says of its key. */
  forgetsKey = false;
  /** Why the server closed the connection, in its words. */
  closeReason = "";

  constructor(readonly identity: AgentIdentity) {}

  /** Connects and waits until the server has welcomed it. `url`: `ws://…/agent` or `ws+unix:…:/agent`. `anew`: as after a start. */
  async connect(url: string, { anew = true } = {}): Promise<void> {
    await this.welcomed(url, { stay: true, anew });
    this.send({ type: "inventory", topologies: [...this.deployments].map(([topologyId, deployment]) => ({ topologyId, deployment, contentHash: this.contentHashes.get(topologyId) ?? "" })) });
  }

  /** Comes as far as the welcome and says nothing more; dies there unless it is to `stay`. */
  async welcomed(url: string, { stay = false, anew = true } = {}): Promise<void> {
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#ready = false;
    this.#seq = 0;
    if (anew) {
      this.stream = randomBytes(8).toString("base64url");
      this.lastSeq = this.acked = 0;
    }
    this.closeCode = null;
    const nonce = randomBytes(16).toString("base64url");
    this.#nonce = nonce;
    socket.on("message", (data) => this.#heard(ServerMessageSchema.parse(JSON.parse(String(data))), nonce));
    socket.once("close", (code, reason) => {
      if (this.#socket !== socket) return;
      this.closeCode = code;
      this.closeReason = String(reason);
    });
    socket.once("error", () => {});
    await until(() => this.#ready || this.closeCode !== null);
    if (!this.#ready) throw new Error(`refused with ${this.closeCode}`);
    if (!stay) this.cut();
  }

  /**
   * Events get their number; without a connection they are kept from nobody and lost, unlike a real agent's. A refusal is signed as a
   * real agent's is, unless it brings a signature of its own.
   */
  send(message: AgentMessage): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const said = message.type === "job-refused" ? { result: this.signed(message), ...message } : message;
    const frame = isAgentEvent(message) ? { type: "event", stream: this.stream, seq: ++this.lastSeq, acked: this.acked, event: message } : said;
    this.#socket.send(JSON.stringify(frame));
  }

  /** A frame as it is. */
  sendFrame(frame: unknown): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** A frame as it is. */
  sendText(frame: string): void {
    this.#socket?.send(frame);
  }

  signed({ jobId, failure }: Pick<Extract<AgentMessage, { type: "job-refused" }>, "jobId" | "failure">, changes: object = {}): Envelope {
    const { agentId, key } = this.identity;
    return sealEnvelope(PAYLOAD_TYPE.result, { v: PROTOCOL_VERSION, agentId, session: this.#nonce, jobId, failure, ...changes }, key);
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
    if (job.kind === "cancel") {
      // What it was asked for it has done at once; what a test holds up is stopped.
      const underWay = this.heldUp.get(job.topologyId);
      if (underWay?.generation !== job.generation) return this.send({ type: "cancel-done", jobId: job.jobId, outcome: "over" });
      this.send({ type: "cancel-done", jobId: job.jobId, outcome: "stopping" });
      return this.stop(underWay, job.actor.name);
    }
    if (job.kind === "plan") return this.send({ type: "plan-done", jobId: job.jobId, plan: { changes: [], steps: 7, basis: "observed" } });
    if (job.kind === "rule-hits") {
      const since = this.deployments.has(job.topologyId) ? job.issuedAt : null;
      return this.send({ type: "rule-hits-done", jobId: job.jobId, hits: { since, rules: this.ruleHits, read: 1, places: 1 } });
    }
    if (job.kind === "checks") return this.send({ type: "checks", jobId: job.jobId, at: Date.now(), checks: [{ name: "nft", ok: true, found: "nftables v1.0.6", advice: null }] });
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
    if (job.kind === "inspect") {
      return this.send({
        type: "inspect-done", jobId: job.jobId,
        inspection: { readAt: 1, leftOut: 0, parts: [{ command: "ip -n lab.vpc1 addr", text: "1: lo\n", cut: false }], counters: { "c-x": { packets: 1, bytes: 84 } } },
      });
    }
    if (job.kind === "measure") {
      return this.send({ type: "measure-done", jobId: job.jobId, result: { generation: 1, flows: job.request.flows.map(() => ({ outcome: "reached", expected: true })) } });
    }
    if (job.generation < (this.deployments.get(job.topologyId)?.generation ?? 0)) {
      return this.send({ type: "job-refused", jobId: job.jobId, failure: { code: "STALE", message: "older than what this host has" } });
    }
    this.send({ type: "job-accepted", jobId: job.jobId });
    const deployment = this.apply(job);
    this.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment });
  }

  /** Accepts an apply and gets no further: until it is cancelled, or a test carries it out. */
  holdUp(job: Job): void {
    if (job.kind !== "apply") return this.carryOut(job);
    this.heldUp.set(job.topologyId, job);
    const known = this.deployments.get(job.topologyId) ?? NOTHING;
    this.deployments.set(job.topologyId, { ...known, state: "applying", revision: job.revision, generation: job.generation });
    this.contentHashes.set(job.topologyId, contentHashOf(job.topologyName, job.desired));
    this.send({ type: "job-accepted", jobId: job.jobId });
  }

  /** Half of what is drawn is there, and the rest stays undone. */
  stop(job: ApplyJob, by: string): void {
    this.heldUp.delete(job.topologyId);
    const ids = job.desired ? [...objectsOf(job.desired)].map(({ object }) => object.id) : [];
    const deployment: Deployment = {
      state: "stopped", revision: job.revision, generation: job.generation, publicAddresses: {},
      objects: Object.fromEntries(ids.map((id, i) => [id, i % 2 === 0 ? { state: "in-place" } : { state: "pending", reason: "not finished, because the apply was cancelled" }])),
    };
    this.deployments.set(job.topologyId, deployment);
    this.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment, failure: { code: "CANCELLED", message: `Cancelled by ${by}: ${Math.floor(ids.length / 2)} of ${ids.length} objects are not as drawn.` } });
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
    this.contentHashes.set(job.topologyId, contentHashOf(job.topologyName, job.desired));
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
    this.frames.push(message.type);
    const { agentId, key, nextKey, jobKey } = this.identity;
    if (message.type === "challenge") {
      const hello = { v: PROTOCOL_VERSION, agentId, serverNonce: message.serverNonce, agentNonce: nonce, joinSeq: this.identity.joinSeq ?? 0, keySet: this.identity.keySet ?? 1, mode: "sandbox", kernel: "6.18.0", version: "0.1.0", publicPool: this.publicPool, ...(nextKey && { nextKey: nextKey.publicKey }), ...this.helloChanges };
      const frame = { type: "hello" as const, hello: this.sealHello(hello, key, ...(nextKey ? [nextKey] : [])) };
      return void this.helloIsHeldUp().then(() => this.send(frame));
    }
    const serverKey = verifyKeyFromText(jobKey);
    if (message.type === "key-set") return this.#follow(message.envelope);
    if (message.type === "welcome") {
      const hello = openEnvelope(message.hello, PAYLOAD_TYPE.serverHello, serverKey, ServerHelloSchema);
      if (!hello.ok || hello.value.agentNonce !== nonce) throw new Error("the server did not prove who it is");
      this.identity.joinSeq = hello.value.joinSeq;
      if (nextKey && !this.forgetsKey) {
        this.identity.key = nextKey;
        delete this.identity.nextKey;
      }
      this.#ready = true;
      return;
    }
    if (message.type === "ack") {
      if (message.stream === this.stream) this.acked = message.seq;
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
