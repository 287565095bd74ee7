import type { Topology } from "../topology/topology";
import type { Course } from "./course";
import { follow } from "./course";
import type { Drawing } from "./drawing";
import { prepare } from "./drawing";
import { hopsOf } from "./hops";
import type { ProbeOutcome } from "./probe";
import { elsewhereSentence, listenerNote, reachableSentence } from "./sentence";
import { noPublicAddress, stopText } from "./stop-text";
import type { Decision, Flow, HostFacts, Verdict } from "./verdict";
import type { Leg } from "./walk";
import { continued, interfaceName } from "./wording";

/**
 * Whether a packet reaches its destination and its answer comes back, and what decides. Pure; computed from the drawing alone,
 * place by place as in the kernel that `plan/` compiles, so that it can be compared with what packets do. For valid documents
 * (validate.ts). An address means something only where it is routed: `reachable` says whether a probe of the target's address
 * is answered, and `why` says so when it is somebody else who answers.
 */
export const explainReachability = (doc: Topology, flow: Flow, host: HostFacts): Verdict => explain(prepare(doc, host), flow);

/** The same for many questions about one document. */
export function explain(drawing: Drawing, flow: Flow): Verdict {
  const course = follow(drawing, flow);
  return course.kind === "sent" ? verdictOf(course, drawing, flow) : notSent(course.reason, drawing.host);
}

/** Whether a measurement says the same as the analysis: a refusal is an answer, so the packet arrived. */
export const agrees = (expected: Pick<Verdict, "reachable">, outcome: ProbeOutcome): boolean =>
  expected.reachable === (outcome !== "timeout");

type Sent = Extract<Course, { kind: "sent" }>;

function verdictOf(course: Sent, drawing: Drawing, flow: Flow): Verdict {
  const { ends, elsewhere, stopped } = course;
  const there = hopsOf(course.there.passages, drawing);
  const back = course.back ? hopsOf(course.back.passages, drawing) : [];
  if (!stopped) {
    const why = elsewhere ? elsewhereSentence(ends, course.there, elsewhere) : reachableSentence(ends, course.there, drawing);
    const note = elsewhere || typeof ends.to === "string" || ends.to.kind !== "instance" ? "" : listenerNote(ends.to, flow);
    return { reachable: true, why: why + note, decision: decisionOf(course), there, back };
  }
  const { why, hop, decision } = stopText(stopped.stop, drawing);
  if (stopped.on === "there") return { reachable: false, why, decision, there: [...there, hop], back: [] };
  const told = elsewhere ? elsewhereSentence(ends, course.there, elsewhere) + " " : "";
  return { reachable: false, why: `${told}The packet arrives, but its answer does not come back: ${continued(why)}`, decision, there, back: [...back, hop] };
}

/** What connects the ends: the first route on the way, else the rule that let the packet in. */
function decisionOf({ there, elsewhere }: Sent): Decision {
  const code = elsewhere ? "ENI_ADDRESS_RESTRICTION" : "REACHABLE";
  const route = there.passages.find((passage) => passage.at === "route-table");
  if (route) return { code, objectId: route.subnet.table.id, rule: "route" in route.decision ? route.decision.route.destination : "local" };
  return { code, ...ruleIn(there) };
}

function ruleIn({ passages }: Leg): Pick<Decision, "objectId" | "rule"> {
  const last = passages.at(-1);
  if (last?.at !== "security-group" || typeof last.by === "string") return { objectId: null, rule: null };
  return { objectId: last.by.group.id, rule: last.by.rule.id };
}

function notSent(reason: Extract<Course, { kind: "not-sent" }>["reason"], host: HostFacts): Verdict {
  const nothing = { reachable: false, decision: { code: reason.code, objectId: null, rule: null }, there: [], back: [] };
  if (reason.code === "NO_SOURCE_OR_DESTINATION") return { ...nothing, why: `The ${reason.missing} instance is not in this topology.` };
  if (!reason.to) return { ...nothing, why: "Nothing drawn lies between these two ends." };
  if (reason.code === "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS") {
    return { ...nothing, why: host.publicPool ? noPublicAddress(reason.to) : `No port of the host leads to ${interfaceName(reason.to)} for that; publish one.` };
  }
  return { ...nothing, why: `${reason.to.subnet.vpc.vpc.name} has no internet gateway, so nothing on the internet can address ${interfaceName(reason.to)}; add one.` };
}
