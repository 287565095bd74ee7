import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { ApplyJob, Job } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { JobFailure, MeasuredFlows, ProbeResult } from "@vpclab/shared/wire/live";
import type { LocalAnswers, LocalParams } from "@vpclab/shared/wire/local-agent";
import type { Engine } from "../engine";
import type { SigningKey } from "../link/ed25519";
import { newNonce } from "../link/ed25519";
import { sealEnvelope } from "../link/envelope";
import type { JobHandlers } from "../link/receive-job";
import type { Done } from "../reconcile/deployments";
import { SerialQueue } from "../reconcile/serial-queue";

type Common = Pick<Job, "v" | "aud" | "session" | "seq" | "jobId" | "issuedAt" | "notAfter" | "actor">;
const LIFETIME_MS = 60_000;
const ACTOR_CHARS_MAX = 64;
const NOTHING_THERE: LocalAnswers["apply"] = {
  revision: 0, deployment: { state: "empty", revision: 0, generation: 0, objects: {}, publicAddresses: {} }, failure: null, steps: 0,
};

/** One job on its way: `accepted` when it is durable, or was refused; `result` when it is over. */
interface Underway<T> {
  readonly accepted: Promise<void>;
  readonly result: Promise<T>;
}

/**
 * Root on this host as somebody who decides: signs jobs with the host's own key and sends them the way that a server's take,
 * so that fence, rules and the host's policy hold for both alike. Methods throw AppError.
 */
export class LocalAuthority {
  readonly #engine: Engine;
  readonly #agentId: string;
  readonly #key: SigningKey;
  /** What a revision was compared with must not change before the job is accepted. */
  readonly #turns = new SerialQueue();

  constructor(engine: Engine, { agentId, key }: { readonly agentId: string; readonly key: SigningKey }) {
    this.#engine = engine;
    this.#agentId = agentId;
    this.#key = key;
  }

  async apply(params: LocalParams<"apply">): Promise<LocalAnswers["apply"]> {
    if (params.desired === null && !this.#engine.deployments.jobOf(params.topologyId)) return NOTHING_THERE;
    const { revision, result } = await this.#turns.add(async () => {
      const job = this.#applyJob(params);
      const underway = this.#perform<Done | null>(job, (own, heard) => ({ ...own, run: (accepted) => heard(own.run(accepted)) }));
      await underway.accepted;
      return { revision: job.revision, result: underway.result };
    });
    const done = await result;
    if (!done) throw new AppError("CONFLICT", "The agent was stopped before this began; it brings it about at its next start.");
    return { revision, ...done };
  }

  cancel({ topologyId, actor }: LocalParams<"cancel">): Promise<LocalAnswers["cancel"]> {
    const held = this.#engine.deployments.jobOf(topologyId);
    if (!held) return Promise.resolve("over");
    const job: Job = { ...this.#common(actor), kind: "cancel", topologyId, generation: held.generation };
    return this.#perform<LocalAnswers["cancel"]>(job, (own, heard) => ({ ...own, cancel: (accepted) => heard(own.cancel(accepted)) })).result;
  }

  plan({ topologyId, topologyName, desired }: LocalParams<"plan">): Promise<PlanPreview> {
    const job: Job = { ...this.#common("plan"), kind: "plan", topologyId, topologyName, desired };
    return this.#perform<PlanPreview>(job, (own, heard) => ({ ...own, plan: (accepted) => heard(own.plan(accepted)) })).result;
  }

  probe({ topologyId, probe, actor }: LocalParams<"probe">): Promise<ProbeResult> {
    const job: Job = { ...this.#common(actor), kind: "probe", topologyId, probe };
    return this.#perform<ProbeResult>(job, (own, heard) => ({ ...own, probe: (accepted) => heard(own.probe(accepted)) })).result;
  }

  measure({ topologyId, request, actor }: LocalParams<"measure">): Promise<MeasuredFlows> {
    const job: Job = { ...this.#common(actor), kind: "measure", topologyId, request };
    return this.#perform<MeasuredFlows>(job, (own, heard) => ({ ...own, measure: (accepted) => heard(own.measure(accepted)) })).result;
  }

  #applyJob({ topologyId, topologyName, baseRevision, desired, actor }: LocalParams<"apply">): ApplyJob {
    const { deployments } = this.#engine;
    const held = deployments.jobOf(topologyId);
    const fence = deployments.fenceOf(topologyId);
    const revision = held?.revision ?? 0;
    // Another authority's is refused for that, whatever its revision is.
    if (held?.authority !== "server" && revision !== baseRevision) {
      throw new AppError("CONFLICT", `Topology “${topologyName}” was changed meanwhile: it is at revision ${revision}, and this was made from revision ${baseRevision}. Nothing was done; look at it again.`);
    }
    const same = held !== null && desired !== null && held.desired !== null && contentHashOf(topologyName, desired) === contentHashOf(held.topologyName, held.desired);
    return {
      ...this.#common(actor), kind: "apply", topologyId, topologyName, desired,
      revision: same || desired === null ? revision : revision + 1, epoch: fence?.epoch ?? 1, generation: (fence?.generation ?? 0) + 1,
    };
  }

  #common(actor: string): Common {
    const now = Date.now();
    const name = actor.slice(0, ACTOR_CHARS_MAX) || "root";
    return {
      v: 1, aud: this.#agentId, session: newNonce(), seq: 1, jobId: randomUUID(), issuedAt: now, notAfter: now + LIFETIME_MS,
      actor: { userId: name, name, role: "root" },
    };
  }

  /** Signs a job and follows it; `listen` puts an ear on the handler whose result is wanted. */
  #perform<T>(job: Job, listen: (own: JobHandlers, heard: <V>(work: Promise<V>) => Promise<V>) => JobHandlers): Underway<T> {
    let accepted: Promise<unknown> = Promise.resolve();
    const result = new Promise<T>((resolve, reject) => {
      const heard = <V>(work: Promise<V>): Promise<V> => {
        void work.then((value) => resolve(value as unknown as T), reject);
        return work;
      };
      accepted = this.#engine.receive(sealEnvelope(PAYLOAD_TYPE.job, job, this.#key), {
        authority: "local", session: job.session, lastSeq: 0,
        send: (message) => {
          if (message.type === "job-refused") reject(refusal(message.failure as JobFailure));
        },
        handlers: (own) => listen(own, heard),
      }).catch(reject);
    });
    // Whoever waits for `accepted` first must not lose the reason.
    result.catch(() => undefined);
    return { accepted: accepted.then(() => undefined), result };
  }
}

const refusal = ({ code, message, issues }: JobFailure): AppError => new AppError(code, message, issues ? { issues } : {});
