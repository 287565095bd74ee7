"use client";

import { isProbePair } from "@vpclab/shared/analysis/probe";
import { useRef, useState } from "react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import type { MatrixEnd } from "./matrix-axes";
import { MatrixCell } from "./matrix-cell";
import type { CellState } from "./matrix-cell-state";
import type { GridPlace } from "./move-focus";
import { moveFocus } from "./move-focus";

export interface GridCell extends CellState {
  readonly intended: boolean;
}

interface MatrixGridProps {
  readonly label: string;
  /** Who sends, and who is sent to. */
  readonly rows: readonly MatrixEnd[];
  readonly columns: readonly MatrixEnd[];
  /** By row and column; null: nothing is asked there. */
  readonly cells: readonly (readonly (GridCell | null)[])[];
  readonly chosen: GridPlace | null;
  /** Names stand over the columns; else their rows' numbers. */
  readonly tall: boolean;
  readonly onChoose: (place: GridPlace) => void;
}

/** Rows send, columns are sent to. One stop of the Tab key; arrow keys move inside, Enter opens. */
export function MatrixGrid({ label, rows, columns, cells, chosen, tall, onChoose }: MatrixGridProps) {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<GridPlace>({ row: 0, column: Math.min(1, columns.length - 1) });
  const focus = { row: Math.min(at.row, rows.length - 1), column: Math.min(at.column, columns.length - 1) };
  const go = (place: GridPlace) => {
    setAt(place);
    const cell = table.current?.querySelector<HTMLElement>(`[data-row="${place.row}"][data-column="${place.column}"]`);
    cell?.focus();
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return onChoose(focus);
    }
    const next = event.altKey || event.metaKey ? null : moveFocus(focus, event.key, event.ctrlKey, rows.length, columns.length);
    if (!next) return;
    event.preventDefault();
    // The canvas listens to arrow keys, too.
    event.stopPropagation();
    go(next);
  };
  const onClick = (event: MouseEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (!cell) return;
    const place = { row: Number(cell.dataset["row"]), column: Number(cell.dataset["column"]) };
    go(place);
    onChoose(place);
  };
  return (
    <table ref={table} role="grid" aria-label={label} className="border-separate border-spacing-0 text-xs" onKeyDown={onKeyDown} onClick={onClick}>
      <thead>
        <tr>
          <th scope="col" className="sticky top-0 left-0 z-20 min-w-40 border-b border-line bg-surface px-2 py-1 text-left align-bottom font-normal text-muted">From ↓ to →</th>
          {columns.map((end, column) => <ColumnHead key={end.id} end={end} number={column + 1} tall={tall} />)}
        </tr>
      </thead>
      <tbody>
        {rows.map((from, row) => (
          <Row key={from.id} from={from} number={row + 1} first={from.group !== rows[row - 1]?.group}>
            {columns.map((to, column) => {
              const cell = cells[row]?.[column];
              const focusable = row === focus.row && column === focus.column;
              if (!cell) return <NoCell key={to.id} row={row} column={column} focusable={focusable} why={noQuestion(from, to)} name={`${nameOf(from)} to ${nameOf(to)}`} />;
              return (
                <MatrixCell
                  key={to.id} row={row} column={column} name={`${nameOf(from)} to ${nameOf(to)}`} intended={cell.intended} relation={cell.relation} outcome={cell.outcome}
                  focusable={focusable} chosen={chosen?.row === row && chosen.column === column}
                />
              );
            })}
          </Row>
        ))}
      </tbody>
    </table>
  );
}

const nameOf = (end: MatrixEnd): string => (end.group === "" ? end.name : `${end.group}/${end.name}`);

function ColumnHead({ end, number, tall }: { readonly end: MatrixEnd; readonly number: number; readonly tall: boolean }) {
  return (
    <th scope="col" title={nameOf(end)} aria-label={nameOf(end)} className="sticky top-0 z-10 border-b border-line bg-surface px-0 pb-1 align-bottom font-normal">
      {tall ? <span className="mx-auto block max-h-44 truncate text-muted [writing-mode:sideways-lr]">{nameOf(end)}</span> : null}
      <span className="numeric block text-center text-muted">{end.address === null ? end.sign : number}</span>
    </th>
  );
}

interface RowProps {
  readonly from: MatrixEnd;
  readonly number: number;
  /** The first of its subnet. */
  readonly first: boolean;
  readonly children: ReactNode;
}

function Row({ from, number, first, children }: RowProps) {
  return (
    <tr>
      <th scope="row" className={`sticky left-0 z-10 border-r border-line bg-surface px-2 text-left font-normal whitespace-nowrap ${first ? "border-t" : ""}`}>
        <span className="flex items-baseline gap-2">
          <span className="numeric w-5 shrink-0 text-right text-muted">{from.address === null ? "" : number}</span>
          <span className="min-w-0 flex-1 truncate"><span className="text-muted">{from.group === "" ? "" : `${from.group}/`}</span><span className="font-medium">{from.name}</span></span>
          <span className="numeric hidden pl-2 text-muted @xl:inline">{from.address}</span>
        </span>
      </th>
      {children}
    </tr>
  );
}

interface NoCellProps extends GridPlace {
  readonly name: string;
  readonly why: keyof typeof NO_QUESTION;
  readonly focusable: boolean;
}

const NO_QUESTION = {
  same: { words: "the same", sign: "\\" }, silent: { words: "nothing is drawn to listen there", sign: "–" }, outside: { words: "nothing drawn lies between them", sign: "" },
} as const;

const noQuestion = (from: MatrixEnd, to: MatrixEnd): keyof typeof NO_QUESTION =>
  from.id === to.id ? "same" : isProbePair(from.end, to.end) ? "silent" : "outside";

function NoCell({ row, column, name, why, focusable }: NoCellProps) {
  const { words: reason, sign } = NO_QUESTION[why];
  const words = `${name}: ${reason}`;
  return (
    <td role="gridcell" data-row={row} data-column={column} aria-label={words} title={words} tabIndex={focusable ? 0 : -1} className="h-7 w-11 min-w-11 border-r border-b border-line bg-canvas text-center text-line-strong">
      {sign}
    </td>
  );
}
