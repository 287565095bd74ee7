import { AppError } from "@vpclab/shared/errors/app-error";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { HeldTopology, LocalAgent, LocalAnswers, LocalFacts, LocalMethod, LocalParams, LocalProgress, RotatedKey } from "@vpclab/shared/wire/local-agent";
import type { Engine } from "../engine";
import type { Action } from "../reconcile/action";
import type { LocalAuthority } from "./local-authority";
import type { ProgressFeed } from "./progress-feed";

export interface LocalServiceOptions {
  readonly facts: LocalFacts;
  readonly engine: Engine;
  readonly authority: LocalAuthority;
  readonly feed: ProgressFeed;
  /** The newest entries of the activity log, oldest first. */
  readonly activity: (last: number) => readonly ActivityEntry[];
  readonly record: (action: Action) => void;
  /** Where an agent runs that has a server. */
  readonly rotateKey?: () => Promise<RotatedKey>;
}

type Answers = { readonly [M in LocalMethod]: (params: LocalParams<M>, onProgress?: (objects: LocalProgress) => void) => Promise<LocalAnswers[M]> };

/** What root on this host can ask of the agent, in the same process or over its control socket. Throws AppError. */
export class LocalService {
  readonly #options: LocalServiceOptions;
  readonly #answers: Answers;

  constructor(options: LocalServiceOptions) {
    this.#options = options;
    const { facts, authority, feed, activity, record, rotateKey } = options;
    this.#answers = {
      facts: () => Promise.resolve(facts),
      held: () => this.#held(),
      apply: (params, onProgress) => feed.during(params.topologyId, onProgress, () => authority.apply(params)),
      cancel: (params) => authority.cancel(params),
      plan: (params) => authority.plan(params),
      probe: (params) => authority.probe(params),
      measure: (params) => authority.measure(params),
      counters: ({ topologyId }) => this.#counters(topologyId),
      refusal: (refusal) => {
        record({ ...refusal, topologyId: null, revision: null, outcome: "refused", seconds: 0, steps: [] });
        return Promise.resolve(null);
      },
      rotateKey: () => (rotateKey ? rotateKey() : Promise.reject(new AppError("CONFLICT", "Only an agent that runs with a server has a key to replace over its socket."))),
      activity: ({ last }) => Promise.resolve(activity(last)),
    };
  }

  readonly ask: LocalAgent["ask"] = (method, params, onProgress) => this.#answers[method](params, onProgress);

  async #held(): Promise<HeldTopology[]> {
    const found = await this.#options.engine.deployments.look();
    return found.map(({ job, deployment }) => ({
      topologyId: job.topologyId, name: job.topologyName, revision: job.revision, document: job.desired ?? EMPTY_TOPOLOGY, authority: job.authority, deployment,
    }));
  }

  async #counters(topologyId: string): Promise<LocalAnswers["counters"]> {
    const { engine } = this.#options;
    if (!engine.deployments.jobOf(topologyId)) throw new AppError("NOT_FOUND", "This host does not have this topology.");
    const read = await engine.readCounters();
    return { at: Date.now(), counters: read[topologyId] ?? {} };
  }
}
