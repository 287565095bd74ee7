import type { ChangeKind, PlanPreview } from "@vpclab/shared/plan/step";
import type { ObjectState, ObjectStatus } from "@vpclab/shared/wire/live";

/** What is shown of an object: its state on the host, or that an apply would change it. */
export interface ShownState {
  readonly state: ObjectState;
  readonly reason: string | undefined;
}

const PENDING_REASON: Readonly<Record<ChangeKind, string>> = {
  create: "Apply will create it.",
  change: "Apply will change it.",
  remove: "Apply will remove it.",
};

/**
 * What happens on the host now comes first, then what went wrong there, then what Apply would change: `in place` is shown
 * only for an object that is in the kernel exactly as drawn.
 */
export function shownState(status: ObjectStatus | undefined, planned: ChangeKind | undefined): ShownState {
  const state = status?.state ?? "absent";
  if (state === "applying" || state === "failed" || state === "drifted" || state === "pending") return { state, reason: status?.reason };
  if (planned) return { state: "pending", reason: PENDING_REASON[planned] };
  return { state, reason: status?.reason };
}

/** The plan's kind of change by object; remembered for the newest plan, because every card asks. */
export function plannedKinds(): (plan: PlanPreview | null) => ReadonlyMap<string, ChangeKind> {
  let last: PlanPreview | null = null;
  let kinds: ReadonlyMap<string, ChangeKind> = new Map();
  return (plan) => {
    if (plan !== last) {
      last = plan;
      kinds = new Map(plan?.changes.map((change) => [change.objectId, change.kind]));
    }
    return kinds;
  };
}
