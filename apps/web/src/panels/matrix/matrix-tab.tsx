"use client";

import { Maximize2, Minimize2 } from "lucide-react";
import { IconButton } from "../../ui/icon-button";
import { MatrixDetail } from "./matrix-detail";
import { MatrixGrid } from "./matrix-grid";
import { MatrixLegend } from "./matrix-legend";
import { MatrixSigns } from "./matrix-signs";
import { MatrixToolbar } from "./matrix-toolbar";
import { useMatrix } from "./use-matrix";

interface MatrixTabProps {
  /** Takes the whole centre of the page. */
  readonly full: boolean;
  readonly onFull: (full: boolean) => void;
}

/** Who reaches whom: what the drawing promises beside what packets do, for every pair. */
export function MatrixTab({ full, onFull }: MatrixTabProps) {
  const matrix = useMatrix();
  const { shown, cells, chosen, choose, question, cell, measureOne } = matrix;
  if (!shown.rows.some(({ address }) => address !== null)) return <p className="p-4 text-sm text-muted">{matrix.groups.length === 0 ? "Draw an instance first: packets need somebody to send them." : "Choose a subnet with instances."}</p>;
  return (
    <section
      aria-label="Reachability matrix"
      className="flex h-full min-h-0 flex-col"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        if (chosen) choose(null);
        else if (full) onFull(false);
        else return;
        event.stopPropagation();
      }}
    >
      <MatrixSigns />
      <MatrixToolbar
        matrix={matrix}
        extra={
          <IconButton
            label={full ? "Back beneath the canvas" : "Enlarge the matrix"} aria-pressed={full}
            icon={full ? <Minimize2 className="size-4" /> : <Maximize2 className="size-4" />} onClick={() => onFull(!full)}
          />
        }
      />
      <div className="flex min-h-0 flex-1">
        <div className="@container min-w-0 flex-1 overflow-auto">
          <MatrixGrid label="Who reaches whom" rows={shown.rows} columns={shown.columns} cells={cells} chosen={chosen} tall={full} onChoose={choose} />
          <MatrixLegend />
        </div>
        {chosen && question && cell ? (
          <MatrixDetail
            key={`${chosen.row} ${chosen.column} ${question.kind} ${question.port}`} question={question} cell={cell}
            onMeasure={() => measureOne(question)} onClose={() => choose(null)} onCanvas={full ? () => onFull(false) : null}
          />
        ) : null}
      </div>
    </section>
  );
}
