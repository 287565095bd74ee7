import type { Cidr } from "@vpclab/shared/net/cidr";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { AgentMessageSchema, ServerMessageSchema } from "@vpclab/shared/wire/messages";
import { AGENT_FRAME_LIMITS, decodeStrictJson, ENVELOPE_LIMITS } from "@vpclab/shared/wire/strict-json";
import { Engine } from "../apps/agent/src/engine";
import { framesOf } from "../apps/agent/src/link/fit-frame";
import type { OutgoingMessage } from "../apps/agent/src/link/outgoing-message";
import { newNonce, type SigningKey } from "../apps/agent/src/link/ed25519";
import type { Policy } from "../apps/agent/src/policy/policy";
import { inspectJob } from "../apps/agent/src/reconcile/inspect-job";
import { measureJob } from "../apps/agent/src/reconcile/measure-job";
import { probeJob } from "../apps/agent/src/reconcile/probe-job";
import { takenByOthers } from "../apps/agent/src/reconcile/taken-by-others";
import { HOST_ADDRESS, INTERNET_DNS_ADDRESS, INTERNET_WEB_ADDRESS, SANDBOX_HOST_NETNS, SANDBOX_INTERNET_NETNS, SANDBOX_UPLINK } from "../apps/agent/src/sandbox/sandbox-state";
import { ActivityLog } from "../apps/agent/src/report/activity-log";
import type { AgentLog } from "../apps/agent/src/report/agent-log";
import { openStateDir } from "../apps/agent/src/state/state-dir";
import { openStores } from "../apps/agent/src/state/stores";
import { commandOf } from "@vpclab/shared/plan/render";
import { leftoversAmong } from "../apps/agent/src/kernel/leftovers";
import { lookFault } from "./grammar/look";
import { flowFault, probeFault } from "./grammar/probe";
import type { Tally } from "./tally";

export const AGENT_ID = "hostile";

export interface TargetOptions {
  readonly stateDir: string;
  readonly kernel: Kernel;
  readonly key: SigningKey;
  readonly policy: Policy;
  readonly publicPool: Cidr | null;
  readonly tally: Tally;
}

/** What became of one frame. */
export interface Reception {
  /** `accepted`, the code of the refusal, or `dropped` where the connection would have ended. */
  readonly outcome: string;
}

/** The agent from the bytes of a frame to the kernel: all of it but the socket. */
export class Target {
  readonly agentId = AGENT_ID;
  session = newNonce();
  lastSeq = 0;
  readonly #engine: Engine;
  readonly #tally: Tally;
  /** Answers to the frame that is being received. */
  #answers: AgentMessage[] = [];

  private constructor(engine: (target: () => Target) => Engine, tally: Tally) {
    this.#tally = tally;
    this.#engine = engine(() => this);
  }

  /** As a start of the agent: takes up what is on the disk. */
  static async open(options: TargetOptions): Promise<Target> {
    const { kernel, key, policy, tally } = options;
    const stateDir = await openStateDir(options.stateDir);
    const stores = await openStores(stateDir, options.publicPool);
    const activity = new ActivityLog({ stateDir, commandOf: (step) => commandOf(step, { hostNetns: SANDBOX_HOST_NETNS }) });
    const target = new Target((self) => new Engine({
      agentId: AGENT_ID, keys: () => ({ server: key, local: null, epoch: 1, earlier: [] }), stores, policy, kernel, uplink: SANDBOX_UPLINK, firewall: null,
      dnsUpstreams: [INTERNET_DNS_ADDRESS], leftovers: leftoversAmong, hostNetns: SANDBOX_HOST_NETNS, log: listening(tally),
      probe: (job, deployments) => probeJob(job, {
        applied: deployments.applied(job.topologyId), publicPool: options.publicPool !== null,
        internet: { namespace: SANDBOX_INTERNET_NETNS, address: INTERNET_WEB_ADDRESS, hostAddress: HOST_ADDRESS, hostNamespace: SANDBOX_HOST_NETNS }, takenByOthers: takenByOthers(deployments, job.topologyId),
        measure: (request) => {
          const fault = probeFault(request);
          tally.saw("probes");
          if (fault !== null) tally.fault("outside grammar", `probe: ${fault}`);
          return Promise.resolve({ kind: request.kind, outcome: "timeout", sentence: "No answer.", roundTripMs: null, body: null });
        },
      }),
      measure: (job, deployments) => measureJob(job, {
        applied: deployments.applied(job.topologyId), generation: 0, publicPool: options.publicPool !== null,
        internet: { namespace: SANDBOX_INTERNET_NETNS, address: INTERNET_WEB_ADDRESS, hostAddress: HOST_ADDRESS, hostNamespace: SANDBOX_HOST_NETNS }, takenByOthers: takenByOthers(deployments, job.topologyId),
        send: (probes) => {
          for (const probe of probes) {
            const fault = flowFault(probe);
            tally.saw("probes");
            if (fault !== null) tally.fault("outside grammar", `measurement: ${fault}`);
          }
          return Promise.resolve(probes.map(() => ({ outcome: "timeout", arrived: false, error: null })));
        },
      }),
      inspect: (job, deployments) => inspectJob(job, deployments.appliedState(job.topologyId), {
        text: (look) => {
          const fault = lookFault(look);
          tally.saw("looks");
          if (fault !== null) tally.fault("outside grammar", `inspection: ${fault}`);
          return Promise.resolve("");
        },
        counters: () => ({}), hostNetns: SANDBOX_HOST_NETNS,
      }),
      counters: { watch: () => undefined, read: () => Promise.resolve({}), stop: () => undefined },
      tell: (message) => self().#heard(message),
      record: (action) => void activity.record(action),
    }), tally);
    await target.#engine.restore();
    await target.settled();
    return target;
  }

  /** A new connection: what was signed for the one before is worth nothing. */
  reconnect(): void {
    this.session = newNonce();
    this.lastSeq = 0;
  }

  /** As the agent's connection hears a frame. */
  async receive(frame: Buffer): Promise<Reception> {
    const decoded = decodeStrictJson(frame, ENVELOPE_LIMITS);
    if (!decoded.ok) return { outcome: "dropped" };
    const message = ServerMessageSchema.safeParse(decoded.value);
    if (!message.success || message.data.type !== "job") return { outcome: "dropped" };
    this.#answers = [];
    const answers = this.#answers;
    try {
      this.lastSeq = await this.#engine.receive(message.data.envelope, {
        authority: "server", session: this.session, lastSeq: this.lastSeq, send: (answer) => this.#heard(answer, answers),
      });
    } catch (error) {
      this.#tally.fault("crashes", error instanceof Error ? error.stack ?? error.message : String(error));
      return { outcome: "crash" };
    }
    const [answer] = answers;
    if (!answer) this.#tally.fault("crashes", "a job without an answer");
    return { outcome: answer?.type === "job-refused" ? answer.failure.code : "accepted" };
  }

  settled(): Promise<void> {
    return this.#engine.deployments.settled();
  }

  /** Ids of the topologies that were accepted and are not gone. */
  get topologies(): readonly string[] {
    return this.#engine.deployments.deployed().map(({ topologyId }) => topologyId);
  }

  /** Removes everything from the kernel. */
  async takeDown(): Promise<void> {
    await this.#engine.deployments.takeDown();
  }

  async stop(): Promise<void> {
    await this.#engine.stop();
  }

  /** What is said must be such that a server reads it, and an error that nobody foresaw is a crash that was caught. */
  #heard(message: OutgoingMessage, answers?: AgentMessage[]): void {
    answers?.push(message as AgentMessage);
    for (const frame of framesOf(message)) {
      this.#tally.saw("answers");
      const decoded = decodeStrictJson(Buffer.from(frame), AGENT_FRAME_LIMITS);
      const read = decoded.ok && AgentMessageSchema.safeParse(decoded.value);
      if (!read || !read.success) this.#tally.fault("crashes", `a server does not read ${frame.slice(0, 300)}: ${decoded.ok ? "its fields" : decoded.error.message}`);
    }
    const failure = "failure" in message ? message.failure : undefined;
    if (failure?.code === "INTERNAL") this.#tally.fault("crashes", `${message.type}: ${failure.message}`);
  }
}

/** What the agent logs as broken is a crash that was caught. */
const listening = (tally: Tally): AgentLog => ({
  debug: () => undefined, info: () => undefined, warn: () => undefined,
  error: (text, { error } = {}) => {
    if (error !== undefined) tally.fault("crashes", `${text}: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
  },
});
