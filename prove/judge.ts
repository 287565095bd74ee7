import type { Verdict } from "@vpclab/shared/analysis/verdict";
import type { FastAnswer } from "../apps/agent/src/probes/fast-probe";

/**
 * What is wrong with an answer, by what the drawing promised; null: they agree. Who is not reachable hears nothing. A
 * refusal by another machine that has the same address (`lookalike`: another VPC's, in the sender's own) is none by the target.
 */
export function complaintAbout(expected: Verdict, { outcome, arrived, error }: FastAnswer, lookalike: boolean): string | null {
  const measured = `${outcome}${error ? ` (${error})` : ""}${arrived && outcome !== "reached" ? ", but the target got the packet" : ""}`;
  // Somebody else has the address where it is routed, and answers; a socket of another probe there may swallow a datagram instead.
  if (expected.reachable && expected.decision.code === "ENI_ADDRESS_RESTRICTION") return outcome === "reached" || arrived ? `promised that another one answers, measured ${measured}` : null;
  if (expected.reachable) return outcome === "reached" ? null : `promised reachable, measured ${measured}`;
  if (outcome === "reached") return "promised unreachable, measured reached";
  // The way back is only looked at once the packet arrives: the drawing promised that, too.
  if (arrived && expected.back.length === 0) return `promised that it never arrives, measured ${measured}`;
  const answered = outcome === "refused" && (error === "ECONNREFUSED" || error === "ELSEWHERE");
  return answered && !lookalike ? `promised unreachable, measured ${measured}` : null;
}
