import type { Topology } from "../topology/topology";
import { follow } from "./course";
import type { Drawing } from "./drawing";
import { prepare } from "./drawing";
import { likeness, QUESTIONS_OF_PAIR_MAX, questionsOf, trafficOfInterest, trafficText } from "./flow-questions";
import type { Traffic } from "./flow-questions";
import type { ProbeEnd } from "./probe";
import { explain } from "./reachability";
import type { Decision, HostFacts } from "./verdict";
import { instanceName } from "./wording";

/** Traffic between one pair that one document lets through and another does not. */
export interface FlowChange {
  readonly source: ProbeEnd;
  readonly destination: ProbeEnd;
  /** Both ends as people call them, e.g. `vpc1/web/main`, `the internet`. */
  readonly from: string;
  readonly to: string;
  /** `icmp`, `tcp 5432` …; a port stands for the range or rule that begins with it. */
  readonly traffic: readonly string[];
  /** One sentence of the new document: what stops it, or what lets it through. */
  readonly why: string;
  /** What let a flow pass before, where it will be stopped, e.g. `db allows tcp 5432 from 10.0.1.0/24`. */
  readonly was: string | null;
  readonly decision: Decision;
}

export interface FlowChanges {
  readonly cut: readonly FlowChange[];
  readonly opened: readonly FlowChange[];
  /** Pairs, of which the lists have the first. */
  readonly cutTotal: number;
  readonly openedTotal: number;
  /** Where there are too many pairs to ask all: how many instances stood for how many. */
  readonly sampled: { readonly asked: number; readonly of: number } | null;
}

export interface FlowLimits {
  /** Questions asked of each of both documents at most. */
  readonly questionsMax: number;
  /** Longest list. */
  readonly listedMax: number;
}
const LIMITS: FlowLimits = { questionsMax: 12_000, listedMax: 50 };

/**
 * What an edit means for the instances that are in both documents, among themselves and with the internet: the flows that will
 * be cut, and those that become possible. Of what is new or removed the plan speaks itself. For valid documents.
 */
export function flowChanges(before: Topology, after: Topology, host: HostFacts, limits: FlowLimits = LIMITS): FlowChanges {
  const steps = flowChangeSteps(before, after, host, limits);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same piece by piece, one source at a time, for whoever must do something else in between. */
export function* flowChangeSteps(before: Topology, after: Topology, host: HostFacts, limits: FlowLimits = LIMITS): Generator<void, FlowChanges> {
  const comparison = { was: prepare(before, host), will: prepare(after, host) };
  const staying = [...comparison.will.instances.keys()].filter((id) => comparison.was.instances.has(id));
  const { ends, sampled } = chosenEnds(comparison, staying, limits.questionsMax);
  const traffic = trafficTable(comparison, ends);
  const changed = { cut: [] as Found[], opened: [] as Found[] };
  for (const source of ends) {
    for (const destination of ends) {
      if (source === destination) continue;
      const questions = questionsOf([...traffic(destination, "ingress"), ...traffic(source, "egress")]);
      const changes = questions.map((asked) => changeOf(comparison, source, destination, asked));
      for (const kind of ["cut", "opened"] as const) {
        const found = questions.filter((_, at) => changes[at] === kind);
        if (found.length > 0) changed[kind].push({ source, destination, traffic: found });
      }
    }
    yield;
  }
  const listed = (found: readonly Found[]) => found.slice(0, limits.listedMax).map((one) => inWords(comparison, one));
  return { cut: listed(changed.cut), opened: listed(changed.opened), cutTotal: changed.cut.length, openedTotal: changed.opened.length, sampled };
}

interface Comparison {
  readonly was: Drawing;
  readonly will: Drawing;
}
interface Found {
  readonly source: ProbeEnd;
  readonly destination: ProbeEnd;
  readonly traffic: readonly Traffic[];
}

function changeOf({ was, will }: Comparison, source: ProbeEnd, destination: ProbeEnd, asked: Traffic): "cut" | "opened" | null {
  const [passed, passes] = [was, will].map((drawing) => getsThrough(drawing, source, destination, asked));
  return passed === passes ? null : passed ? "cut" : "opened";
}

function getsThrough(drawing: Drawing, source: ProbeEnd, destination: ProbeEnd, asked: Traffic): boolean {
  const course = follow(drawing, { source, destination, ...asked });
  return course.kind === "sent" && !course.stopped && !course.elsewhere;
}

/**
 * All that stay, while there are few. Else one of each kind, and as far as there is room a second one, so that neighbours of a kind
 * are asked about, too; evenly some of the kinds where even those are too many.
 */
function chosenEnds({ was, will }: Comparison, staying: readonly string[], questionsMax: number): { ends: ProbeEnd[]; sampled: FlowChanges["sampled"] } {
  const most = Math.max(2, Math.floor(Math.sqrt(questionsMax / QUESTIONS_OF_PAIR_MAX)) - 1);
  const ends = (ids: readonly string[]): ProbeEnd[] => [...ids.map((instanceId) => ({ instanceId })), { internet: true as const }];
  if (staying.length <= most) return { ends: ends(staying), sampled: null };
  const kinds = new Map<string, string[]>();
  for (const id of staying) {
    const kind = likeness(was, was.instances.get(id)!) + likeness(will, will.instances.get(id)!);
    const members = kinds.get(kind);
    if (members) members.push(id);
    else kinds.set(kind, [id]);
  }
  const members = [...kinds.values()];
  const firsts = members.map(([id]) => id!);
  const chosen = firsts.length > most
    ? Array.from({ length: most }, (_, at) => firsts[Math.floor((at * firsts.length) / most)]!)
    : [...firsts, ...members.flatMap(([, second]) => (second === undefined ? [] : [second]))].slice(0, most);
  return { ends: ends(chosen), sampled: { asked: chosen.length, of: staying.length } };
}

/** Traffic worth asking about, of both documents, found once for each end. */
function trafficTable({ was, will }: Comparison, ends: readonly ProbeEnd[]): (end: ProbeEnd, direction: "ingress" | "egress") => readonly Traffic[] {
  const tables = { ingress: new Map<ProbeEnd, readonly Traffic[]>(), egress: new Map<ProbeEnd, readonly Traffic[]>() };
  for (const end of ends) {
    if (!("instanceId" in end)) continue;
    for (const direction of ["ingress", "egress"] as const) {
      tables[direction].set(end, [was, will].flatMap((drawing) => trafficOfInterest(drawing, drawing.instances.get(end.instanceId)!, direction)));
    }
  }
  return (end, direction) => tables[direction].get(end) ?? [];
}

function inWords({ was, will }: Comparison, { source, destination, traffic }: Found): FlowChange {
  const asked = { source, destination, ...traffic[0]! };
  const now = explain(will, asked);
  const before = explain(was, asked);
  const stop = [...now.there, ...now.back].find(({ verdict }) => verdict === "stop");
  const passed = stop && (now.back.includes(stop) ? before.back : before.there).find(({ objectId, by }) => objectId === stop.objectId && by !== null);
  return {
    source, destination, from: nameOf(will, source), to: nameOf(will, destination), traffic: traffic.map(trafficText),
    why: now.why, was: passed?.note ?? null, decision: now.decision,
  };
}

const nameOf = ({ instances }: Drawing, end: ProbeEnd): string =>
  "instanceId" in end ? instanceName(instances.get(end.instanceId)!) : "the internet";
