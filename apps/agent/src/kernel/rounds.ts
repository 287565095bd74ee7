import type { Step } from "@vpclab/shared/plan/step";

/** The tool that does a step. Steps of one kind in one namespace that follow each other are one process. */
export type WorkKind = "netns-add" | "netns-delete" | "ip" | "sysctl" | "nft" | "workload";

/** Steps of one kind in one namespace, in order. */
export interface Segment {
  readonly namespace: string;
  readonly kind: WorkKind;
  readonly steps: readonly Step[];
}

export function kindOf(step: Step): WorkKind {
  switch (step.action) {
    case "netns-add": case "netns-delete": return step.action;
    case "sysctl-set": return "sysctl";
    case "nft-replace": case "nft-delete": return "nft";
    case "workload-start": case "workload-stop": return "workload";
    default: return "ip";
  }
}

/**
 * Cuts a plan into rounds: all segments of a round may run side by side, a round starts when the one before has ended.
 * Within a namespace the plan's order holds. Across namespaces a veth pair is what ties: it is made after its other end's
 * namespace is there with its settings and filter, after every removal that stands before it in the plan (names may move),
 * and steps that name its other end come after it.
 */
export function rounds(steps: readonly Step[]): Segment[][] {
  const schedule = new Schedule();
  for (const group of marksLate(steps)) schedule.place(group);
  return schedule.rounds;
}

interface OpenSegment {
  readonly round: number;
  readonly kind: WorkKind;
  readonly steps: Step[];
}

class Schedule {
  readonly rounds: Segment[][] = [];
  private readonly current = new Map<string, OpenSegment>();
  /** Last round in which something that is no link was done in a namespace. */
  private readonly prepared = new Map<string, number>();
  private readonly removed = new Map<string, number>();
  /** Round in which the other end of a pair appears, by `namespace link`. */
  private readonly appears = new Map<string, number>();

  /** Puts steps of one kind and namespace into the same segment. */
  place(group: StepGroup): void {
    const { namespace } = group[0];
    const kind = kindOf(group[0]);
    const open = this.current.get(namespace);
    const earliest = Math.max(...group.map((step) => this.earliest(step)));
    if (open && open.kind === kind && open.round >= earliest) open.steps.push(...group);
    else this.open(namespace, kind, Math.max(earliest, open ? open.round + 1 : 0), group);
    for (const step of group) this.remember(step, this.current.get(namespace)?.round ?? 0);
  }

  private remember(step: Step, round: number): void {
    if (kindOf(step) !== "ip") this.prepared.set(step.namespace, round);
    if (step.action === "link-delete" || step.action === "netns-delete") this.removed.set(step.namespace, round);
    if (step.action === "veth-add") this.appears.set(`${step.peer.namespace} ${step.peer.name}`, round);
  }

  /** First round that a step may run in because of other namespaces. */
  private earliest(step: Step): number {
    const named = linkNames(step).map((name) => this.appears.get(`${step.namespace} ${name}`));
    const after = named.flatMap((round) => (round === undefined ? [] : [round]));
    if (step.action === "veth-add") {
      after.push(this.prepared.get(step.peer.namespace) ?? -1);
      for (const [namespace, round] of this.removed) if (namespace !== step.namespace) after.push(round);
    }
    return Math.max(0, ...after.map((round) => round + 1));
  }

  private open(namespace: string, kind: WorkKind, round: number, group: StepGroup): void {
    const segment = { namespace, kind, round, steps: [...group] };
    this.current.set(namespace, segment);
    while (this.rounds.length <= round) this.rounds.push([]);
    this.rounds[round]?.push(segment);
  }
}

/** Links of the step's own namespace that must exist for it. */
function linkNames(step: Step): string[] {
  switch (step.action) {
    case "link-delete": case "link-alias": case "link-mac": case "link-up": return [step.name];
    case "link-master": return step.master === null ? [step.name] : [step.name, step.master];
    case "address-add": case "address-delete": return [step.link];
    case "route-replace": case "route-delete": return step.dev === null ? [] : [step.dev];
    case "rule-add": case "rule-delete": return [step.iif];
    // net/ipv4/conf/<link>/forwarding
    case "sysctl-set": return step.key.split("/");
    default: return [];
  }
}

type StepGroup = readonly [Step, ...Step[]];

/** Marks move to where `ip` runs in the namespace anyway: one process less for each namespace, and nothing depends on them. */
function marksLate(steps: readonly Step[]): StepGroup[] {
  const waiting = new Map<string, Step>();
  const groups: StepGroup[] = [];
  for (const step of steps) {
    if (step.action === "mark") {
      waiting.set(step.namespace, step);
      continue;
    }
    const mark = kindOf(step) === "ip" ? waiting.get(step.namespace) : undefined;
    if (mark) waiting.delete(step.namespace);
    groups.push(mark ? [mark, step] : [step]);
  }
  return [...groups, ...[...waiting.values()].map((mark): StepGroup => [mark])];
}
