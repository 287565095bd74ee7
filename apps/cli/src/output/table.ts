import { renderText, type Text, widthOf } from "./text";

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: "left" | "right";
}

const GAP = "  ";

/** Rows under their titles, aligned by what a terminal shows; never wrapped, no blanks at the end of a line. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Text[])[], color: boolean): string[] {
  const titles: Text[] = columns.map(({ title }) => ({ text: title, style: "bold" }));
  const lines = [titles, ...rows];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ""))));
  return lines.map((line) =>
    columns.map(({ align }, at) => {
      const cell = line[at] ?? "";
      const blanks = " ".repeat((widths[at] ?? 0) - widthOf(cell));
      const text = renderText(cell, color);
      return align === "right" ? blanks + text : text + blanks;
    }).join(GAP).trimEnd());
}
