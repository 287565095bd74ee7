import clsx from "clsx";
import { useId } from "react";
import type { KeyboardEvent } from "react";
import type { Column, Texts } from "./row-form";

interface GridCellProps {
  readonly column: Column;
  readonly texts: Texts;
  readonly error: boolean;
  /** Id of the sentence that says what is wrong. */
  readonly describedBy: string | undefined;
  readonly onType: (text: string) => void;
  /** Typing is over, or something was chosen: the row is to be judged with this text. */
  readonly onSettle: (text: string) => void;
  readonly onCancel: () => void;
}

/** What is longer may be cut off by its cell. */
const LONG = 18;

/** One field of a row. Its label is for the screen reader and for tests; to the eye the value says what it is. */
export function GridCell({ column, texts, error, describedBy, onType, onSettle, onCancel }: GridCellProps) {
  const listId = useId();
  const text = texts[column.key] ?? "";
  const disabled = column.disabled?.(texts) ?? false;
  const shared = {
    "aria-label": column.label, "aria-invalid": error, "aria-describedby": error ? describedBy : undefined, "data-column": column.key, disabled,
    className: clsx(
      "h-7 w-full min-w-0 rounded-[6px] border bg-surface text-xs outline-none transition-colors duration-100 disabled:border-transparent disabled:bg-transparent disabled:opacity-50",
      column.kind === "select" ? "px-0.5" : "px-1.5", column.mono && "numeric",
      error ? "border-bad" : column.quiet ? "border-transparent !bg-transparent text-muted hover:border-line focus:border-accent" : "border-line hover:border-line-strong focus:border-accent",
    ),
  };
  const basis = { flex: `${column.grow ? 1 : 0} 1 ${column.widthMin}px` };
  if (column.kind === "select") {
    const options = column.options?.(texts) ?? [];
    return (
      <span style={basis} className="min-w-0">
        <select {...shared} value={text} title={options.find(({ value }) => value === text)?.label} onChange={(event) => onSettle(event.target.value)} onKeyDown={(event) => event.stopPropagation()}>
          {options.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
        </select>
      </span>
    );
  }
  return (
    <span style={basis} className="min-w-0">
      <input
        {...shared}
        value={disabled ? "" : text}
        title={text.length > LONG ? text : undefined}
        placeholder={disabled ? "—" : column.placeholder}
        spellCheck={false}
        autoComplete="off"
        list={column.suggestions?.length ? listId : undefined}
        onChange={(event) => onType(event.target.value)}
        onBlur={(event) => onSettle(event.target.value)}
        onKeyDown={(event) => {
          // Keys that mean something on the canvas mean text here.
          event.stopPropagation();
          if (event.key === "Enter") onSettle(event.currentTarget.value);
          if (event.key === "Escape") onCancel();
          if (event.key === "ArrowUp" || event.key === "ArrowDown") moveToRow(event, column.key);
        }}
      />
      {column.suggestions?.length ? <datalist id={listId}>{column.suggestions.map((value) => <option key={value} value={value} />)}</datalist> : null}
    </span>
  );
}

/** Up and down go to the same column of the neighbouring row; where values are offered they belong to the offer. */
function moveToRow(event: KeyboardEvent<HTMLInputElement>, key: string): void {
  if (event.currentTarget.list) return;
  const cells = [...(event.currentTarget.closest("[data-grid]")?.querySelectorAll<HTMLElement>(`[data-column="${key}"]:not(:disabled)`) ?? [])];
  const next = cells[cells.indexOf(event.currentTarget) + (event.key === "ArrowUp" ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
