import { compileTopology, transitObjects } from "@vpclab/shared/plan/compile";
import type { StepFailure } from "@vpclab/shared/plan/kernel";
import type { KernelState, SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { formatMark } from "@vpclab/shared/plan/mark";
import { planChanges } from "@vpclab/shared/plan/plan";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { leaveOut, takenNames, unmarkedOwn } from "./foreign-namespaces";
import type { Objects, Remainder } from "./object-status";
import { objectStatuses } from "./object-status";
import type { Goal, Site } from "./site";
import { contextOf, forwardingBefore } from "./site";

export interface Progress {
  /** Steps that are about to run; empty when the kernel is as wanted. */
  planned(steps: readonly Step[]): void;
  /** Work for an object begins. */
  started(objectId: string): void;
}

export interface Outcome {
  /** Steps that were run. */
  readonly steps: number;
  readonly left: Remainder;
  readonly objects: Objects;
}

/** One topology from what is there to what is wanted: observe → plan → apply → observe → report. Level-triggered: twice is once. */
export async function reconcile(goal: Goal, site: Site, progress: Progress, document: Topology = goal.desired ?? EMPTY_TOPOLOGY): Promise<Outcome> {
  await site.slots.take(goal.topologyId, transitObjects(document));
  const before = await surveyMarked(goal, site, document);
  await site.ledger.add(goal.topologyId, Object.keys(before.wanted).filter((name) => name !== HOST_NAMESPACE));
  if (document.internetGateways.length > 0) await site.hostRecord.record(site.uplink, forwardingBefore(site, before.seen));
  progress.planned(before.steps);
  const failures: readonly StepFailure[] = before.steps.length > 0 ? await site.kernel.apply(before.steps, (objectId) => progress.started(objectId)) : [];
  const after = before.steps.length > 0 ? await survey(goal, site, document) : before;
  await forgetWhatIsGone(goal, site, document, after);
  const left = { steps: after.steps, failures, blocked: after.blocked };
  return { steps: before.steps.length, left, objects: objectStatuses(document, left, "failed") };
}

export interface Survey {
  readonly wanted: KernelState;
  readonly seen: SeenKernel;
  /** What would have to be done. */
  readonly steps: readonly Step[];
  /** Objects whose names are taken by somebody else, with the reason. */
  readonly blocked: ReadonlyMap<string, string>;
  /** Namespaces of ours that a crash left without their mark. */
  readonly unmarked: readonly string[];
}

/** A survey after everything that a crash left unmarked carries the mark: without it, nothing is changed or deleted. */
async function surveyMarked(goal: Goal, site: Site, document: Topology): Promise<Survey> {
  const found = await survey(goal, site, document);
  if (found.unmarked.length === 0) return found;
  const owner = { topologyId: goal.topologyId, objectId: "unmarked" };
  await site.kernel.apply(found.unmarked.map((namespace): Step => ({
    owner, namespace, action: "mark", mark: formatMark({ agentId: site.agentId, ...owner }, namespace),
  })));
  return survey(goal, site, document);
}

/** Compares what is wanted with what is there; writes nothing. */
export async function survey(goal: Goal, site: Site, document: Topology): Promise<Survey> {
  const claim = { agentId: site.agentId, topologyId: goal.topologyId, ledger: site.ledger };
  const names = Object.keys(compileTopology(document, contextOf(goal, document, site, {})));
  const seen = await site.kernel.observe([...new Set([...names, ...site.ledger.namespacesOf(goal.topologyId), HOST_NAMESPACE])]);
  const compiled = compileTopology(document, contextOf(goal, document, site, seen));
  const { wanted, blocked } = leaveOut(compiled, takenNames(compiled, seen, claim));
  const unmarked = unmarkedOwn(seen, claim);
  const steps = [...removedLeftovers(goal, site, wanted), ...planChanges(wanted, seen, { ...claim, ledger: unmarked })];
  return { wanted, seen, blocked, unmarked, steps };
}

/** Names without a namespace behind them, which an `ip netns add` that was killed half-way leaves, where nothing is wanted. */
function removedLeftovers(goal: Goal, site: Site, wanted: KernelState): Step[] {
  const names = site.ledger.namespacesOf(goal.topologyId).filter((name) => !wanted[name]);
  return site.leftovers(names).map((namespace) => ({
    owner: { topologyId: goal.topologyId, objectId: "unmarked" }, namespace, action: "netns-delete",
  }));
}

/** What the agent remembers of a topology shrinks only after the kernel was seen without it. */
async function forgetWhatIsGone(goal: Goal, site: Site, document: Topology, after: Survey): Promise<void> {
  if (after.steps.length > 0) return;
  const gone = site.ledger.namespacesOf(goal.topologyId).filter((name) => !after.wanted[name]);
  await site.ledger.remove(goal.topologyId, gone);
  await site.slots.keepOnly(goal.topologyId, transitObjects(document));
  if (after.wanted[HOST_NAMESPACE]?.nft === null) await site.hostRecord.forget();
}
