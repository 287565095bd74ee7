import { toWireError } from "@vpclab/shared/errors/app-error";
import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { formatMark } from "@vpclab/shared/plan/mark";
import { publicAddressOwners } from "@vpclab/shared/plan/public-addresses";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Remainder } from "./object-status";
import type { Goal, OtherFirewall, Site } from "./site";
import { forwardingBefore, transitOf } from "./site";
import type { Survey } from "./survey";
import { hostIsOpen, survey } from "./survey";

export interface Progress {
  /** Steps that are about to run; empty when the kernel is as wanted. */
  planned(steps: readonly Step[]): void;
  /** Work for an object begins. */
  started(objectId: string): void;
}

export interface Outcome {
  /** Steps that were due. */
  readonly steps: number;
  /** Those of them that the kernel carried out. */
  readonly done: readonly Step[];
  readonly left: Remainder;
}

/** Which owners' differences are mended; the others stay as they are. */
export type Choice = (objectId: string) => boolean;
export const EVERYTHING: Choice = () => true;

export interface ReconcileOptions {
  /** What the kernel is brought to; the goal's own document unless told otherwise. */
  readonly document?: Topology;
  readonly choice?: Choice;
  /** No further step is begun once it says so. */
  readonly isStopped?: () => boolean;
}

/** One topology from what is there to what is wanted: observe → plan → apply → observe → report. Level-triggered: twice is once. */
export async function reconcile(goal: Goal, site: Site, progress: Progress, options: ReconcileOptions = {}): Promise<Outcome> {
  const document = options.document ?? goal.desired ?? EMPTY_TOPOLOGY;
  const choice = options.choice ?? EVERYTHING;
  await site.slots.take(goal.topologyId, transitOf(document));
  await site.publicAddresses.take(goal.topologyId, publicAddressOwners(document));
  const before = await surveyMarked(goal, site, document);
  await site.ledger.add(goal.topologyId, Object.keys(before.wanted).filter((name) => name !== HOST_NAMESPACE));
  if (document.internetGateways.length > 0) await site.hostRecord.record(site.uplink, forwardingBefore(site, before.seen));
  const steps = before.steps.filter((step) => choice(step.owner.objectId));
  const firewall = before.firewall.length > 0 && choice(HOST_OBJECT_ID);
  progress.planned(steps);
  const failures: readonly StepFailure[] = steps.length > 0 ? await site.kernel.apply(steps, (objectId) => progress.started(objectId), options.isStopped) : [];
  const trouble = firewall && !options.isStopped?.() ? await settleFirewall(site.firewall, hostIsOpen(before.wanted)) : "";
  const after = steps.length > 0 || firewall ? await survey(goal, site, document) : before;
  await forgetWhatIsGone(goal, site, after);
  const left = { steps: after.steps, failures, blocked: after.blocked, remarks: after.remarks, firewall: after.firewall.map((one) => ({ ...one, words: one.words + trouble })) };
  return { steps: steps.length, done: withoutFailed(steps, failures), left };
}

/** After a failure the rest of its namespace's steps was not run. */
function withoutFailed(steps: readonly Step[], failures: readonly StepFailure[]): readonly Step[] {
  if (failures.length === 0) return steps;
  const from = new Map(failures.map(({ step }) => [step.namespace, steps.indexOf(step)]));
  return steps.filter((step, i) => i < (from.get(step.namespace) ?? steps.length));
}

/** Why it could not be done, to be said after what differs; empty when it was. */
async function settleFirewall(firewall: OtherFirewall | null, open: boolean): Promise<string> {
  try {
    await firewall?.settle(open);
    return "";
  } catch (error) {
    return `, and it could not be mended: ${toWireError(error).publicMessage}`;
  }
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

/**
 * What the agent remembers of a topology shrinks only after the kernel was seen without it. Slots and public addresses are
 * kept for what was asked for, also while it is taken down: an Elastic IP is the same at the next start.
 */
async function forgetWhatIsGone(goal: Goal, site: Site, after: Survey): Promise<void> {
  if (after.steps.length > 0) return;
  const gone = site.ledger.namespacesOf(goal.topologyId).filter((name) => !after.wanted[name]);
  await site.ledger.remove(goal.topologyId, gone);
  const asked = goal.desired ?? EMPTY_TOPOLOGY;
  await site.slots.keepOnly(goal.topologyId, transitOf(asked).own);
  await site.slots.keepShared(site.sharedPeerings());
  await site.publicAddresses.keepOnly(goal.topologyId, publicAddressOwners(asked));
  if (!hostIsOpen(after.wanted)) await site.hostRecord.forget();
}
