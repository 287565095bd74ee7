import clsx from "clsx";
import { memo } from "react";
import type { CellRelation, CellState } from "./matrix-cell-state";
import { cellWords } from "./matrix-cell-state";
import { measuredSign, Sign } from "./matrix-signs";

interface MatrixCellProps {
  readonly row: number;
  readonly column: number;
  /** `vpc1/public/main to Internet`. */
  readonly name: string;
  readonly intended: boolean;
  readonly relation: CellRelation;
  readonly outcome: CellState["outcome"];
  readonly focusable: boolean;
  readonly chosen: boolean;
}

const LOOK: Record<CellRelation, string> = {
  agrees: "", differs: "bg-bad-soft text-bad font-semibold ring-2 ring-inset ring-bad", stale: "matrix-stale text-warn",
  "not-measured": "text-muted", measuring: "bg-busy-soft text-busy", impossible: "text-muted",
};

/** Left what the drawing promises (full or empty circle), right what the packet did. Its grid hears keys and clicks. */
export const MatrixCell = memo(function MatrixCell({ row, column, name, intended, relation, outcome, focusable, chosen }: MatrixCellProps) {
  const agreed = relation === "agrees" ? (intended ? "bg-ok-soft text-ok" : "bg-raised text-muted") : LOOK[relation];
  const words = `${name}: ${cellWords(intended, { relation, outcome })}`;
  return (
    <td
      role="gridcell"
      data-row={row}
      data-column={column}
      data-relation={relation}
      data-intended={intended}
      data-outcome={outcome ?? undefined}
      aria-label={words}
      aria-selected={chosen}
      title={words}
      tabIndex={focusable ? 0 : -1}
      className={clsx("h-7 w-11 min-w-11 border-r border-b border-line p-0 text-center align-middle", agreed, chosen && "outline-2 -outline-offset-2 outline-accent")}
    >
      <span className="inline-flex items-center justify-center gap-0.5">
        <Sign name={intended ? "yes" : "no"} />
        <Sign name={measuredSign(relation, outcome)} />
      </span>
    </td>
  );
});
