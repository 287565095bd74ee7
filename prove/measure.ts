import { explainReachability } from "@vpclab/shared/analysis/reachability";
import type { Verdict } from "@vpclab/shared/analysis/verdict";
import type { FastAnswer } from "../apps/agent/src/probes/fast-probe";
import { sendProbes } from "../apps/agent/src/probes/fast-probes";
import type { KnownFlow } from "./choose-flows";
import { packetOf } from "./flow-packet";
import { type ForbiddenPacket, breaksIsolation } from "./isolation";
import { complaintAbout } from "./judge";
import type { Applied } from "./place";

/** Answers take less than a millisecond; a machine that is busy with other things is given more. */
const WAIT = { waitMs: 250, patienceMs: 60 };
/** Before silence is called a disagreement. */
const LONG_WAIT = { waitMs: 1_000 };

export interface Finding {
  readonly complaint: string;
  /** null: a packet that nothing drawn allows. */
  readonly flow: KnownFlow | null;
}

export interface Measured {
  /** Packets sent. */
  readonly probes: number;
  readonly findings: readonly Finding[];
}

/** Sends what the flows ask for, and what is forbidden, and compares every answer with what the drawing promises. */
export async function measureFlows(applied: Applied, flows: readonly KnownFlow[], forbidden: readonly ForbiddenPacket[]): Promise<Measured> {
  const asked = flows.map((flow) => ({ flow, expected: promiseFor(flow, applied), packet: packetOf(flow, applied) }));
  const sent = asked.flatMap(({ flow, expected, packet }) => (packet ? [{ flow, expected, packet }] : []));
  const answers = await sendProbes([...sent.map(({ packet }) => packet), ...forbidden.map(({ probe }) => probe)], WAIT);
  const findings: Finding[] = asked.flatMap(({ flow, expected, packet }) =>
    // Without an address for it, nobody can send it.
    packet === null && expected.reachable ? [{ flow, complaint: "promised reachable, but there is no address to send it to" }] : []);
  const doubtful = sent.filter(({ flow, expected }, index) => complaintAbout(expected, answerAt(answers, index), isLookalike(flow, applied)) !== null);
  const again = await sendProbes(doubtful.map(({ packet }) => packet), LONG_WAIT);
  for (const [index, { flow, expected }] of doubtful.entries()) {
    const complaint = complaintAbout(expected, answerAt(again, index), isLookalike(flow, applied));
    if (complaint !== null) findings.push({ flow, complaint });
  }
  for (const [index, { what }] of forbidden.entries()) {
    const answer = answerAt(answers, sent.length + index);
    if (breaksIsolation(answer)) findings.push({ flow: null, complaint: `forbidden: ${what}, measured ${answer.outcome}${answer.arrived ? ", arrived" : ""} ${answer.error ?? ""}`.trim() });
  }
  return { probes: sent.length + forbidden.length, findings };
}

export const promiseFor = (flow: KnownFlow, { document, publicPool }: Applied): Verdict => explainReachability(document, flow, { publicPool });

/** Another instance or gateway with the target's address may answer for itself. */
function isLookalike({ destination }: KnownFlow, { document, index }: Applied): boolean {
  if ("internet" in destination) return false;
  const address = index.instanceById.get(destination.instanceId)?.address;
  return [...document.instances, ...document.natGateways].filter((one) => one.address === address).length > 1;
}

function answerAt(answers: readonly FastAnswer[], index: number): FastAnswer {
  const answer = answers[index];
  if (!answer) throw new Error(`no answer ${index}`);
  return answer;
}
