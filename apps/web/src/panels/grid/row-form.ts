import type { Issue } from "@vpclab/shared/errors/issue";

/** What stands in the cells of one row, by column key: every cell is text, also a choice. */
export type Texts = Readonly<Record<string, string>>;

/** What is wrong with a row, by column key; under `WHOLE_ROW` what is no single cell's fault. */
export type RowErrors = Readonly<Record<string, string>>;
export const WHOLE_ROW = "";

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** One column of a list of rules. Its key is the name of the field in the document, so that issues find their cell. */
export interface Column {
  readonly key: string;
  readonly label: string;
  readonly kind: "text" | "select";
  /** Least width in pixels; a row that is too narrow for all of them wraps. */
  readonly widthMin: number;
  readonly grow?: boolean;
  readonly mono?: boolean;
  /** Drawn as plain text until somebody points at it: a remark, not a rule. */
  readonly quiet?: boolean;
  readonly placeholder?: string;
  /** Of a select: what can be chosen, which may depend on what the row holds. */
  readonly options?: (texts: Texts) => readonly Option[];
  /** Of a text: offered while typing. */
  readonly suggestions?: readonly string[];
  /** The cell means nothing in this row (ports of icmp). */
  readonly disabled?: (texts: Texts) => boolean;
}

export type Parsed<Row> = { readonly ok: true; readonly row: Row } | { readonly ok: false; readonly errors: RowErrors };

/** How the rows of one list read as text, and how they are read back. Pure; the grid does the rest. */
export interface RowForm<Row> {
  readonly columns: readonly Column[];
  textsOf(row: Row): Texts;
  /** `before` is the row that is edited, null for a new one. */
  parse(texts: Texts, before: Row | null): Parsed<Row>;
  /** What a new row begins with. */
  readonly fresh: Texts;
}

/** Where a list stands in its object, for finding the cells of its issues. */
export interface ListPlace {
  readonly objectId: string;
  /** Name of the list's field, e.g. `routes`; of a list within a field the way to it, e.g. `["firewall", "rules"]`. */
  readonly field: string | readonly string[];
  /** Index of the edited row in the list as it was refused. */
  readonly rowIndex: number;
}

/**
 * A refusal as errors of cells: `[collection, object, list, row, field, …]` belongs to the cell of that field when it is the
 * edited row's, and to the row as a whole otherwise (a limit, a clash that another row is named for).
 */
export function rowErrorsOf(issues: readonly Issue[], place: ListPlace, columns: readonly Column[]): RowErrors {
  const errors: Record<string, string> = {};
  const wayToRow = [place.field, place.rowIndex].flat();
  for (const { path, message, objectId } of issues) {
    const [, , ...within] = path;
    const key = within[wayToRow.length];
    const isCell = (objectId === undefined || objectId === place.objectId) && wayToRow.every((part, i) => part === within[i]) &&
      columns.some((column) => column.key === key);
    errors[isCell ? String(key) : WHOLE_ROW] ??= message;
  }
  return errors;
}
