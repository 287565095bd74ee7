import { agrees } from "@vpclab/shared/analysis/reachability";
import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Measured } from "../../canvas/state/measurement-store";

/** How promise and packet stand to each other. */
export type CellRelation = "agrees" | "differs" | "stale" | "not-measured" | "measuring" | "impossible";

export interface CellState {
  readonly relation: CellRelation;
  readonly outcome: ProbeOutcome | null;
}

interface Now {
  readonly intended: boolean;
  readonly measured: Measured | undefined;
  readonly measuring: boolean;
  readonly document: Topology;
  readonly kernel: number;
}

/** A measurement counts for the drawing and the kernel that it was made of; after a change of either it is of the past. */
export function cellState({ intended, measured, measuring, document, kernel }: Now): CellState {
  if (measuring) return { relation: "measuring", outcome: null };
  if (!measured) return { relation: "not-measured", outcome: null };
  const { outcome } = measured;
  if (outcome === null) return { relation: "impossible", outcome };
  if (measured.document !== document || measured.kernel !== kernel) return { relation: "stale", outcome };
  return { relation: agrees({ reachable: intended }, outcome) ? "agrees" : "differs", outcome };
}

const RELATION: Record<CellRelation, string> = {
  agrees: "as promised", differs: "not as promised", stale: "measured before the last change", "not-measured": "not measured yet",
  measuring: "being measured", impossible: "cannot be measured from this host",
};
const OUTCOME: Record<ProbeOutcome, string> = { reached: "reached", refused: "arrived, nothing listens", timeout: "no answer" };

/** For a screen reader, and the title. */
export function cellWords(intended: boolean, { relation, outcome }: CellState): string {
  const promised = `promised ${intended ? "reachable" : "not reachable"}`;
  return outcome === null || relation === "not-measured" ? `${promised}, ${RELATION[relation]}` : `${promised}, measured ${OUTCOME[outcome]}, ${RELATION[relation]}`;
}

export interface MatrixCount {
  readonly pairs: number;
  readonly measured: number;
  readonly differs: number;
  readonly stale: number;
}

export function countCells(states: Iterable<CellState>): MatrixCount {
  const count = { pairs: 0, measured: 0, differs: 0, stale: 0 };
  for (const { relation } of states) {
    count.pairs += 1;
    if (relation === "agrees" || relation === "differs") count.measured += 1;
    if (relation === "differs") count.differs += 1;
    if (relation === "stale") count.stale += 1;
  }
  return count;
}
