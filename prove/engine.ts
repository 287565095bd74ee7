import { join } from "node:path";
import type { Cidr } from "@vpclab/shared/net/cidr";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import { kindOfId } from "@vpclab/shared/topology/ids";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ApplyJob, Envelope } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { Deployment } from "@vpclab/shared/wire/live";
import { leftoversAmong } from "../apps/agent/src/kernel/leftovers";
import type { SigningKey } from "../apps/agent/src/link/ed25519";
import { sealEnvelope } from "../apps/agent/src/link/envelope";
import type { VerifiedApply } from "../apps/agent/src/link/verify-job";
import { verifyStoredApply } from "../apps/agent/src/link/verify-job";
import { PolicySchema, type Policy } from "../apps/agent/src/policy/policy";
import { Deployments } from "../apps/agent/src/reconcile/deployments";
import { INTERNET_DNS_ADDRESS, SANDBOX_UPLINK } from "../apps/agent/src/sandbox/sandbox-state";
import { openStateDir } from "../apps/agent/src/state/state-dir";
import type { Stores } from "../apps/agent/src/state/stores";
import { openStores } from "../apps/agent/src/state/stores";
import { SILENT_LOG } from "../apps/agent/src/report/agent-log";

export const AGENT_ID = "prove";
/** Everything that a random topology may hold: what is tried here is the engine, not a host's policy. */
const POLICY: Policy = { rules: PolicySchema.parse({ publishedPorts: { from: 1, to: 65_535 } }), source: "the proof" };

export interface EngineOptions {
  readonly stateDir: string;
  readonly kernel: Kernel;
  /** The server's key: jobs are signed and verified as always. */
  readonly key: SigningKey;
  readonly publicPool: Cidr | null;
}

/** An apply after which something is not as it was drawn. */
export class NotInPlace extends Error {}

/** What carries out jobs in the agent, from a signed job to the kernel, without the connection to a server. */
export class Engine {
  readonly #key: SigningKey;
  readonly #trust;
  readonly stores: Stores;
  readonly deployments: Deployments;
  /** Newest deployment by topology. */
  readonly #told = new Map<string, Deployment>();
  #generation = 0;

  private constructor({ kernel, key }: EngineOptions, stores: Stores) {
    this.#key = key;
    this.#trust = { authority: "server" as const, key, agentId: AGENT_ID, policy: POLICY };
    this.stores = stores;
    this.deployments = new Deployments({
      site: {
        agentId: AGENT_ID, kernel, uplink: SANDBOX_UPLINK, ledger: stores.ledger, slots: stores.slots,
        publicAddresses: stores.publicAddresses, hostRecord: stores.hostRecord, firewall: null,
        leftovers: leftoversAmong, dnsUpstreams: [INTERNET_DNS_ADDRESS],
      },
      fence: stores.fence, jobs: stores.jobs, log: SILENT_LOG,
      send: (message) => {
        if (message.type === "job-done" || message.type === "deployment") this.#told.set(message.topologyId, message.deployment);
      },
    });
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const stateDir = await openStateDir(join(options.stateDir));
    return new Engine(options, await openStores(stateDir, options.publicPool));
  }

  /** Brings the kernel to the document (null: the topology is gone). A peering may wait for its other topology. Throws NotInPlace when anything of it is not afterwards. */
  async apply(topologyId: string, topologyName: string, desired: Topology | null): Promise<Deployment> {
    this.#generation = Math.max(this.#generation, this.deployments.fenceOf(topologyId)?.generation ?? 0) + 1;
    const now = Date.now();
    const job: ApplyJob = {
      v: 1, kind: "apply", aud: AGENT_ID, session: "", seq: 1, jobId: `job-${this.#generation}`, topologyId, issuedAt: now, notAfter: now,
      actor: { userId: "prove", name: "prove", role: "admin" }, topologyName, revision: this.#generation, epoch: 1, generation: this.#generation, desired,
    };
    const envelope = sealEnvelope(PAYLOAD_TYPE.job, job, this.#key);
    const accepted = this.#verify(envelope);
    await this.deployments.accept(accepted, envelope);
    await this.deployments.run(accepted);
    const deployment = this.#told.get(topologyId);
    const problem = this.problemWith(topologyId, desired, () => true);
    if (!deployment || problem !== null) throw new NotInPlace(problem ?? "nothing was reported");
    return deployment;
  }

  /** As after a start of the agent: everything that was accepted before is brought about from the records alone. */
  async restore(): Promise<void> {
    await this.deployments.restore((envelope, deployed) => verifyStoredApply(envelope, { ...this.#trust, deployed }));
    await this.deployments.settled();
  }

  /**
   * What is not as it was drawn, as reported last. Elastic IPs of a host without a pool never are, nor is the host's way into a
   * VPC whose addresses it reaches in another topology already, and it says so. Those that
   * `mayWait` (peerings whose other topology is not there) may be pending.
   */
  problemWith(topologyId: string, desired: Topology | null, mayWait: (objectId: string) => boolean): string | null {
    const deployment = this.#told.get(topologyId);
    if (desired === null) return deployment?.state === "empty" ? null : `not gone: ${deployment?.state ?? "nothing was reported"}`;
    const wrong = Object.entries(deployment?.objects ?? {}).filter(([id, { state, reason }]) =>
      state !== "in-place" && !(state === "pending" && mayWait(id)) && (this.stores.publicAddresses.hasPool || kindOfId(id) !== "elastic-ip") &&
      !(reason ?? "").startsWith(OVERLAPS_IN_ANOTHER));
    const missing = objectsIn(desired).filter((id) => deployment?.objects[id] === undefined);
    if (wrong.length + missing.length === 0) return null;
    const lines = [...wrong.map(([id, { state, reason }]) => `${id} ${state}: ${reason ?? ""}`), ...missing.map((id) => `${id} was not reported`)];
    return `not in place: ${lines.slice(0, 5).join("; ")}`;
  }

  #verify(envelope: Envelope): VerifiedApply {
    const verdict = verifyStoredApply(envelope, { ...this.#trust, deployed: this.deployments.deployed() });
    if (!verdict.ok) throw new Error(`refused: ${verdict.error.code} ${verdict.error.message}`);
    return verdict.value;
  }
}

/** The words for HOST_OVERLAP (reconcile/host-overlap.ts); a status has no code. */
const OVERLAPS_IN_ANOTHER = "The host cannot reach ";

const objectsIn = (document: Topology): string[] => [...objectsOf(document)].map(({ object }) => object.id);
