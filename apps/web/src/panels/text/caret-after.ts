/**
 * Where a caret belongs after a text was replaced by another: at the same letters. Before what changed it stays, after it it
 * moves along, within it it goes to the end of the change.
 */
export function caretAfter(before: string, after: string, caret: number): number {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same++;
  if (caret <= same) return caret;
  let sameAtEnd = 0;
  while (sameAtEnd < most - same && before[before.length - 1 - sameAtEnd] === after[after.length - 1 - sameAtEnd]) sameAtEnd++;
  return Math.max(after.length - sameAtEnd, after.length - (before.length - caret));
}

/** The place of a line and column, both from 1, as an offset. */
export function offsetOf(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + column - 1, end < 0 ? text.length : end);
}

/** What Enter puts in: a new line, indented as the one before, deeper after a colon or into a list's item. */
export function newLineAt(text: string, caret: number): string {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  const indent = /^ */.exec(line)?.[0] ?? "";
  return `\n${indent}${/:\s*$/.test(line) ? "  " : ""}`;
}
