import type { ReactNode } from "react";
import { GridRow, NewRow } from "./grid-row";
import type { RowErrors, RowForm, Texts } from "./row-form";

interface EditGridProps<Row> {
  /** Of the whole list, e.g. `Ingress rules`. */
  readonly label: string;
  /** Of one row, e.g. `ingress rule`. */
  readonly word: string;
  readonly form: RowForm<Row>;
  readonly rows: readonly Row[];
  /** Stays the same while a row is edited; tells rows apart when the list changes. */
  readonly keyOf: (row: Row, at: number) => string;
  /** Puts a row in the place of one (or at the end: null), or answers what is wrong with it. */
  readonly put: (row: Row, at: number | null) => RowErrors;
  readonly remove: (at: number) => RowErrors;
  /** Rows that follow from something else and cannot be edited, before and after the others. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  readonly markOf?: (row: Row) => ReactNode;
  readonly noteOf?: ((row: Row) => ReactNode) | undefined;
  readonly isDimmed?: (row: Row) => boolean;
  readonly isPointedAt?: (row: Row) => boolean;
}

/** A list of rules, routes or ports: the same hands for all of them. Rows in the order given. */
export function EditGrid<Row>({ label, word, form, rows, keyOf, put, remove, before, after, markOf, noteOf, isDimmed, isPointedAt }: EditGridProps<Row>) {
  const commit = (texts: Texts, at: number | null): RowErrors => {
    const parsed = form.parse(texts, at === null ? null : rows[at] ?? null);
    return parsed.ok ? put(parsed.row, at) : parsed.errors;
  };
  return (
    <div data-grid className="flex flex-col gap-1">
      <ul aria-label={label} className="flex flex-col gap-0.5">
        {before}
        {rows.map((row, at) => (
          <GridRow
            key={keyOf(row, at)}
            label={`${word.charAt(0).toUpperCase()}${word.slice(1)} ${at + 1}`}
            columns={form.columns}
            texts={form.textsOf(row)}
            commit={(texts) => commit(texts, at)}
            remove={() => remove(at)}
            mark={markOf?.(row)}
            note={noteOf?.(row)}
            dimmed={isDimmed?.(row)}
            pointedAt={isPointedAt?.(row)}
          />
        ))}
        {after}
      </ul>
      <NewRow label={`New ${word}`} columns={form.columns} fresh={form.fresh} commit={(texts) => commit(texts, null)} action={`Add ${word}`} />
    </div>
  );
}

/** A row that is always there and cannot be edited: a table's local route, an ACL's last word. */
export const FixedRow = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <li aria-label={label} className="numeric flex h-8 items-center gap-2 rounded-box bg-raised px-2.5 text-xs text-muted">{children}</li>
);
