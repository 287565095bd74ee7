import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { Verdict } from "@vpclab/shared/analysis/verdict";
import type { LitPath } from "../../canvas/state/gesture-store";
import { pathIds } from "../../canvas/scene/path-points";

/** The way that the drawing promises; once a packet was sent, what it did decides whether the way ends. */
export function litPath(verdict: Verdict, outcome: ProbeOutcome | null): LitPath {
  const arrived = verdict.there.length > 0 && verdict.there.every((hop) => hop.verdict === "pass");
  const reached = outcome === null ? verdict.reachable : outcome !== "timeout";
  return { there: pathIds(verdict.there), back: pathIds(verdict.back), reached, arrived: arrived || reached };
}
