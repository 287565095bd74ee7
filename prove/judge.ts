import type { Verdict } from "@vpclab/shared/analysis/verdict";
import type { FastAnswer } from "../apps/agent/src/probes/fast-probe";

/** The drawing says that another machine has the address that is sent to, and answers for itself. */
export const isElsewhere = ({ decision }: Verdict): boolean => decision.code === "ENI_ADDRESS_RESTRICTION";

/** What is wrong with an answer, by what the drawing promised; null: they agree. Who is not reachable hears nothing. */
export function complaintAbout(expected: Verdict, { outcome, arrived, error }: FastAnswer): string | null {
  const measured = `measured ${outcome}${error ? ` (${error})` : ""}${arrived && outcome !== "reached" ? ", but the target got the packet" : ""}`;
  // Nobody listens there: for tcp and udp the answer is a refusal.
  const byAnother = !arrived && (error === "ECONNREFUSED" || error === "ELSEWHERE");
  if (expected.reachable && isElsewhere(expected)) return byAnother ? null : `promised that another machine answers, ${measured}`;
  if (expected.reachable) return outcome === "reached" ? null : `promised reachable, ${measured}`;
  if (outcome === "reached" || byAnother) return `promised unreachable, ${measured}`;
  // The way back is only looked at once the packet arrives: the drawing promised that, too.
  return arrived && expected.back.length === 0 ? `promised that it never arrives, ${measured}` : null;
}
