import { useMemo, useState } from "react";
import type { PairQuestion } from "../../canvas/state/editor-api";
import { useEditor, useLive, useMeasurements, useScene } from "../../canvas/state/editor-context";
import { cancelMeasuring, measurePairs, pairKey } from "../../canvas/state/measurement-store";
import { groupsOf, intendedOf, questionOf, shownEnds } from "./matrix-axes";
import type { MatrixKind } from "./matrix-axes";
import { cellState, countCells } from "./matrix-cell-state";
import type { GridCell } from "./matrix-grid";
import type { GridPlace } from "./move-focus";

interface MatrixChoice {
  readonly kind: MatrixKind;
  readonly portText: string;
  /** Ids of subnets; null: all of them. */
  readonly subnets: ReadonlySet<string> | null;
}

const FIRST: MatrixChoice = { kind: "ping", portText: "80", subnets: null };
const TCP_PORT = /^[1-9]\d{0,4}$/;

/** Choice, promise and measurement of every pair that is shown. */
export function useMatrix() {
  const { api, measurements, autosave } = useEditor();
  const { document, index } = useScene();
  const publicPool = useLive(({ host }) => host?.publicPool ?? false);
  const [choice, setChoice] = useState<MatrixChoice>(FIRST);
  /** By ids: rows and columns come and go. */
  const [chosen, setChosen] = useState<{ readonly from: string; readonly to: string } | null>(null);
  const { kind } = choice;
  const port = portOf(choice.portText);

  const groups = useMemo(() => groupsOf(document, index), [document, index]);
  const shown = useMemo(() => shownEnds(groups, choice.subnets), [groups, choice.subnets]);
  const { rows, columns } = shown;
  const intended = useMemo(() => intendedOf(document, { publicPool }, { rows, columns }, kind, port), [document, publicPool, rows, columns, kind, port]);
  const questions = useMemo(() => rows.map((from) => columns.map((to) => questionOf(from, to, kind, port))), [rows, columns, kind, port]);
  const { results, underway, run, kernel } = useMeasurements((state) => state);
  const cells = useMemo(() => questions.map((row, at) => row.map((question, column): GridCell | null => {
    const promised = intended.get(`${rows[at]?.id} ${columns[column]?.id}`);
    if (!question || promised === undefined) return null;
    const key = pairKey(question);
    return { intended: promised, ...cellState({ intended: promised, measured: results.get(key), measuring: underway.has(key), document, kernel }) };
  })), [questions, intended, rows, columns, results, underway, document, kernel]);
  const count = useMemo(() => countCells(cells.flat().filter((cell) => cell !== null)), [cells]);

  const measure = async (asked: readonly (PairQuestion | null)[]) => {
    await autosave.flush();
    await measurePairs(asked.filter((question) => question !== null), { store: measurements, api, document });
  };
  const at: GridPlace | null = chosen && { row: rows.findIndex(({ id }) => id === chosen.from), column: columns.findIndex(({ id }) => id === chosen.to) };
  const place = at && cells[at.row]?.[at.column] ? at : null;
  const choose = (next: GridPlace | null) => {
    const [from, to] = [next && rows[next.row], next && columns[next.column]];
    setChosen(from && to ? { from: from.id, to: to.id } : null);
  };
  return {
    choice, setChoice, port, groups, shown, cells, count, run,
    chosen: place,
    choose,
    question: place && (questions[place.row]?.[place.column] ?? null),
    cell: place && (cells[place.row]?.[place.column] ?? null),
    measureAll: () => void measure(questions.flat()),
    measureOne: (question: PairQuestion) => void measure([question]),
    cancel: () => cancelMeasuring(measurements),
  };
}
export type Matrix = ReturnType<typeof useMatrix>;

function portOf(text: string): number | null {
  const port = TCP_PORT.test(text.trim()) ? Number(text) : NaN;
  return port <= 65_535 ? port : null;
}
