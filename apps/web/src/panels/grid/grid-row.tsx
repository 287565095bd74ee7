import clsx from "clsx";
import { Plus, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import type { ReactNode } from "react";
import { IconButton } from "../../ui/icon-button";
import { GridCell } from "./grid-cell";
import type { Column, RowErrors, Texts } from "./row-form";

const FINE: RowErrors = {};

interface GridRowProps {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly texts: Texts;
  /** Takes the row as it now reads, or answers what is wrong with it; the draft then stays as typed. */
  readonly commit: (texts: Texts) => RowErrors;
  readonly remove: () => RowErrors;
  /** Behind the cells: the state of a route. */
  readonly mark?: ReactNode;
  /** After the last cell, on its line: how often a rule was used. */
  readonly note?: ReactNode;
  readonly dimmed?: boolean;
  /** The rule that decided the last answer. */
  readonly pointedAt?: boolean;
}

/** A row of the list. Each change of a cell that the rules accept is one undo step. */
export function GridRow({ label, columns, texts, commit, remove, mark, note, dimmed, pointedAt }: GridRowProps) {
  const element = useRef<HTMLDivElement>(null);
  const { draft, errors, type, settle, cancel, setErrors } = useDraft(texts, commit);
  useEffect(() => {
    if (pointedAt) element.current?.scrollIntoView({ block: "nearest" });
  }, [pointedAt]);
  return (
    <li>
      <div ref={element} role="group" aria-label={label} data-pointed-at={pointedAt ? "" : undefined} className={clsx("relative flex items-start gap-1 rounded-box px-1 py-1", pointedAt ? "bg-accent-soft outline-2 outline-accent" : dimmed ? "bg-warn-soft" : "")}>
        <div className="min-w-0 flex-1">
          <Cells columns={columns} texts={draft} errors={errors} type={type} settle={settle} cancel={cancel} note={note} />
        </div>
        {mark}
        <IconButton label={`Remove ${label.toLowerCase()}`} icon={<X className="size-3.5" />} className="!size-7" onClick={() => setErrors(remove())} />
      </div>
    </li>
  );
}

interface NewRowProps {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly fresh: Texts;
  readonly commit: (texts: Texts) => RowErrors;
  readonly action: string;
}

/** The row that is being written: nothing of it is in the drawing before Add (or Enter) and the rules' consent. */
export function NewRow({ label, columns, fresh, commit, action }: NewRowProps) {
  const [typed, setTyped] = useState<Texts>({});
  const [errors, setErrors] = useState<RowErrors>(FINE);
  const draft = { ...fresh, ...typed };
  const set = (key: string, text: string) => setTyped((now) => ({ ...now, [key]: text }));
  const add = () => {
    const wrong = commit(draft);
    setErrors(wrong);
    if (Object.keys(wrong).length === 0) setTyped({});
  };
  return (
    <div
      role="group"
      aria-label={label}
      className="flex items-start gap-1 rounded-box border border-dashed border-line px-1 py-1"
      onKeyDownCapture={(event) => {
        if (event.key !== "Enter" || (event.target as HTMLElement).tagName === "BUTTON") return;
        event.preventDefault();
        event.stopPropagation();
        add();
      }}
    >
      <div className="min-w-0 flex-1">
        <Cells columns={columns} texts={draft} errors={errors} type={set} settle={set} cancel={() => { setTyped({}); setErrors(FINE); }} />
      </div>
      <IconButton label={action} icon={<Plus className="size-4" />} className="!size-7 border border-line bg-surface !text-accent" onClick={add} />
    </div>
  );
}

interface CellsProps {
  readonly columns: readonly Column[];
  readonly texts: Texts;
  readonly errors: RowErrors;
  readonly type: (key: string, text: string) => void;
  readonly settle: (key: string, text: string) => void;
  readonly cancel: () => void;
  readonly note?: ReactNode;
}

function Cells({ columns, texts, errors, type, settle, cancel, note }: CellsProps) {
  const id = useId();
  const wrong = Object.entries(errors);
  return (
    <>
      <div className="flex flex-wrap gap-1">
        {columns.map((column) => (
          <GridCell
            key={column.key}
            column={column}
            texts={texts}
            error={column.key in errors}
            describedBy={`${id}-${column.key}`}
            onType={(text) => type(column.key, text)}
            onSettle={(text) => settle(column.key, text)}
            onCancel={cancel}
          />
        ))}
        {note}
      </div>
      {wrong.map(([key, message]) => <p key={key} id={`${id}-${key}`} role="alert" className="px-1 pt-0.5 text-xs text-bad">{message}</p>)}
    </>
  );
}

/** What is typed and not yet taken over. It ends when the document's row changes, by whatever hand. */
function useDraft(texts: Texts, commit: (texts: Texts) => RowErrors) {
  const [typed, setTyped] = useState<Texts>({});
  const [errors, setErrors] = useState<RowErrors>(FINE);
  const [known, setKnown] = useState(texts);
  const forget = () => {
    setTyped({});
    setErrors(FINE);
  };
  if (!sameTexts(known, texts)) {
    setKnown(texts);
    forget();
  }
  const draft = { ...texts, ...typed };
  const settle = (key: string, text: string) => {
    const next = { ...draft, [key]: text };
    if (sameTexts(texts, next)) {
      forget();
      return;
    }
    setTyped(next);
    setErrors(commit(next));
  };
  return { draft, errors, setErrors, settle, cancel: forget, type: (key: string, text: string) => setTyped((now) => ({ ...now, [key]: text })) };
}

const sameTexts = (a: Texts, b: Texts): boolean => Object.keys(b).every((key) => a[key] === b[key]);
