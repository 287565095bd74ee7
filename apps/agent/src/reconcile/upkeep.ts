import type { Deployment } from "@vpclab/shared/wire/live";
import type { OutgoingMessage } from "../link/outgoing-message";
import type { Authority } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { Action } from "./action";
import { BY_ITSELF, secondsSince } from "./action";
import { countsAnew } from "./counts-anew";
import { differingOwners, dueOwners, mendedLines, mendsByItself, withPauses } from "./drift";
import type { Held } from "./held";
import { deploymentOf, documentOf, isSettled, keepFailures, stateOfDifference } from "./held";
import type { Objects, Remainder } from "./object-status";
import { objectStatuses, shownOn } from "./object-status";
import { ProgressReport } from "./progress-report";
import type { Choice, Outcome } from "./reconcile";
import { reconcile } from "./reconcile";
import type { AppliedTopology } from "./remote-peerings";
import { areNeighbours } from "./remote-peerings";
import type { Site } from "./site";
import { survey } from "./survey";

export interface UpkeepOptions {
  readonly site: Site;
  readonly log: AgentLog;
  readonly send: (message: OutgoingMessage, to: Authority) => void;
  readonly record: (action: Action) => void;
  readonly held: () => readonly Held[];
  /** A removal that was carried through at last. */
  readonly forget: (held: Held) => Promise<void>;
  readonly addressesOf: (held: Held) => Deployment["publicAddresses"];
}

/** What happens to an applied topology without anybody asking: drift is seen, told and mended; neighbours follow each other. */
export class Upkeep {
  readonly #options: UpkeepOptions;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** Compares one topology with the kernel; tells what differs, and mends what may be mended now. */
  async look(held: Held): Promise<void> {
    if (!isSettled(held)) return;
    const document = documentOf(held);
    const found = { ...(await survey(held.job, this.#options.site, document)), failures: [] };
    const owners = differingOwners(found);
    held.pauses.calm(owners);
    const objects = keepFailures(held.deployment.objects, objectStatuses(document, found, stateOfDifference(held)));
    this.#tell(held, withPauses(held, objects, owners));
    const due = dueOwners(held, owners);
    if (due.size > 0) await this.#mend(held, found, due);
  }

  /** Mends what the due owners are lacking, says what it was, and remembers the attempt. */
  async #mend(held: Held, before: Remainder, due: ReadonlySet<string>): Promise<void> {
    const document = documentOf(held);
    const { topologyId, topologyName, desired } = held.job;
    held.pauses.tried(due);
    const startedAt = performance.now();
    const outcome = await this.#reconcile(held, (owner) => due.has(owner));
    const left = differingOwners(outcome.left);
    const tried = new Set([...due].flatMap((owner) => shownOn(document, owner)));
    const wasFailed = (id: string): boolean => held.deployment.objects[id]?.state === "failed";
    const objects = objectStatuses(document, outcome.left, (id) => (tried.has(id) || wasFailed(id) ? "failed" : "drifted"));
    const mended = new Set([...tried].filter((id) => objects[id]?.state !== "failed" && objects[id]?.state !== "drifted"));
    const lines = mendedLines(document, before, mended);
    for (const { objectId, text } of lines) this.#options.log.info(`${topologyName}: repaired ${text}`, { topologyId, objectId });
    const failed = Object.values(objects).find(({ state }) => state === "failed");
    this.#record(held, { outcome, failed: failed?.reason ?? (failed && "unknown reason"), startedAt }, lines.map(({ text }) => text).join(", ") || "tried to mend what differs");
    this.#tell(held, withPauses(held, objects, left), outcome.steps > 0);
    if (desired === null && left.size === 0) await this.#options.forget(held);
    await this.settleNeighbours(topologyId, [held.applied]);
  }

  /** Topologies with a peering to this one, as it was or is, are brought to what follows from it: their end of the link, their routes. */
  async settleNeighbours(topologyId: string, mine: readonly (AppliedTopology | null)[]): Promise<void> {
    const neighbours = this.#options.held().filter(({ job, applied }) =>
      job.topologyId !== topologyId && applied !== null && mine.some((one) => one !== null && areNeighbours(one, applied)));
    for (const neighbour of neighbours) if (isSettled(neighbour) && !neighbour.stopped) await this.#follow(neighbour);
  }

  /** Drift that waits for a person goes on waiting. */
  async #follow(held: Held): Promise<void> {
    const document = documentOf(held);
    const isDrifted = (id: string): boolean => held.deployment.objects[id]?.state === "drifted";
    const waits = (owner: string): boolean => !mendsByItself(held, owner) && shownOn(document, owner).some(isDrifted);
    const startedAt = performance.now();
    const outcome = await this.#reconcile(held, (owner) => !waits(owner));
    this.#record(held, { outcome, failed: outcome.left.failures[0]?.reason, startedAt }, "followed a topology that it has a peering with");
    this.#tell(held, objectStatuses(document, outcome.left, (id) => (isDrifted(id) ? "drifted" : "failed")), outcome.steps > 0);
  }

  #record({ job }: Held, { outcome, failed, startedAt }: { outcome: Outcome; failed: string | undefined; startedAt: number }, text: string): void {
    if (outcome.steps === 0) return;
    this.#options.record({
      actor: BY_ITSELF, action: "repair", topologyId: job.topologyId, topologyName: job.topologyName, revision: job.revision, text,
      outcome: failed === undefined ? "done" : "failed", reason: failed ?? null, seconds: secondsSince(startedAt), steps: outcome.done,
    });
  }

  async #reconcile(held: Held, choice: Choice): Promise<Outcome> {
    const { topologyId } = held.job;
    const progress = new ProgressReport(documentOf(held), held.deployment.objects, (objects) => this.#options.send({ type: "objects", topologyId, objects }, held.job.authority));
    try {
      const outcome = await reconcile(held.job, this.#options.site, progress, { choice });
      if (countsAnew(outcome.done)) held.recountedAt = Date.now();
      return outcome;
    } finally {
      progress.flush();
    }
  }

  /** Says a new state once. `anyway`: the server heard of work in between, so it is told how that ended, whatever came of it. */
  #tell(held: Held, objects: Objects, anyway = false): void {
    const { topologyId, topologyName } = held.job;
    const deployment = deploymentOf(held, objects, this.#options.addressesOf(held));
    const same = JSON.stringify(deployment) === JSON.stringify(held.deployment);
    held.deployment = deployment;
    if (!same || anyway) this.#options.send({ type: "deployment", topologyId, deployment }, held.job.authority);
    if (same) return;
    const reasons = Object.values(objects).flatMap(({ state, reason }) => (state === "drifted" || state === "failed" ? [reason ?? state] : []));
    this.#options.log[reasons.length > 0 ? "warn" : "info"](`${topologyName} is ${deployment.state}: ${reasons[0] ?? "everything is in place"}`, { topologyId });
  }
}
