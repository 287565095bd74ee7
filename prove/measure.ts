import { explainReachability } from "@vpclab/shared/analysis/reachability";
import type { Verdict } from "@vpclab/shared/analysis/verdict";
import type { FastAnswer, FastProbe } from "../apps/agent/src/probes/fast-probe";
import { sendProbes } from "../apps/agent/src/probes/fast-probes";
import type { KnownFlow } from "./choose-flows";
import { packetOf } from "./flow-packet";
import { type ForbiddenPacket, breaksIsolation } from "./isolation";
import { complaintAbout, isElsewhere } from "./judge";
import type { Applied } from "./place";

/** Answers take less than a millisecond; a machine that is busy with other things is given more. */
const WAIT = { waitMs: 250, patienceMs: 60 };
/** Before silence is called a disagreement. */
const LONG_WAIT = { waitMs: 1_000 };

/** What is asked: a flow whose course the drawing decides, a packet that no drawing lets through, or whether all is in place at all. */
export type Question = { readonly flow: KnownFlow } | { readonly forbidden: ForbiddenPacket } | { readonly inPlace: true };

export interface Finding {
  readonly complaint: string;
  /** null: about a whole run of changes. */
  readonly question: Question | null;
}

export interface Measured {
  /** Packets sent. */
  readonly probes: number;
  readonly findings: readonly Finding[];
}

/** Sends what the flows ask for, and what is forbidden, and compares every answer with what the drawing promises. */
export async function measureFlows(applied: Applied, flows: readonly KnownFlow[], forbidden: readonly ForbiddenPacket[]): Promise<Measured> {
  const asked = withoutContested(flows.map((flow) => ({ flow, expected: promiseFor(flow, applied), packet: packetOf(flow, applied) })));
  const sent = asked.flatMap(({ flow, expected, packet }) => (packet ? [{ flow, expected, packet }] : []));
  const answers = await sendProbes([...sent.map(({ packet }) => packet), ...forbidden.map(({ probe }) => probe)], WAIT);
  const findings: Finding[] = asked.flatMap(({ flow, expected, packet }) =>
    // Without an address for it, nobody can send it.
    packet === null && expected.reachable ? [{ question: { flow }, complaint: "promised reachable, but there is no address to send it to" }] : []);
  const doubtful = sent.filter(({ expected }, index) => complaintAbout(expected, answerAt(answers, index)) !== null);
  const again = await sendProbes(doubtful.map(({ packet }) => packet), LONG_WAIT);
  for (const [index, { flow, expected }] of doubtful.entries()) {
    const complaint = complaintAbout(expected, answerAt(again, index));
    if (complaint !== null) findings.push({ question: { flow }, complaint });
  }
  for (const [index, packet] of forbidden.entries()) {
    const answer = answerAt(answers, sent.length + index);
    if (breaksIsolation(answer)) findings.push({ question: { forbidden: packet }, complaint: `forbidden: ${packet.what}, measured ${answer.outcome}${answer.arrived ? ", arrived" : ""} ${answer.error ?? ""}`.trim() });
  }
  return { probes: sent.length + forbidden.length, findings };
}

/** The same question once more, of what is in place; null: they agree. */
export async function askAgain(applied: Applied, question: Question): Promise<string | null> {
  if ("inPlace" in question) return null;
  const { findings } = "flow" in question ? await measureFlows(applied, [question.flow], []) : await measureFlows(applied, [], [question.forbidden]);
  return findings[0]?.complaint ?? null;
}

export const promiseFor = (flow: KnownFlow, { document, publicPool, publicAddresses }: Applied): Verdict => explainReachability(document, flow, { publicPool, publicAddresses });

interface Asked {
  readonly flow: KnownFlow;
  readonly expected: Verdict;
  readonly packet: FastProbe | null;
}

/** Where another machine has the target's address, nobody must listen there: it would not answer with a refusal. */
function withoutContested(asked: readonly Asked[]): readonly Asked[] {
  const listening = new Map<string, Set<string | null>>();
  const keyOf = ({ protocol, target }: FastProbe): string => `${protocol} ${target.address} ${target.port}`;
  for (const { packet } of asked) {
    if (packet) listening.set(keyOf(packet), (listening.get(keyOf(packet)) ?? new Set()).add(packet.target.namespace));
  }
  return asked.filter(({ expected, packet }) => packet === null || !isElsewhere(expected) || listening.get(keyOf(packet))?.size === 1);
}

function answerAt(answers: readonly FastAnswer[], index: number): FastAnswer {
  const answer = answers[index];
  if (!answer) throw new Error(`no answer ${index}`);
  return answer;
}
