import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
/** A piece of a line with its colour; plain text where none is wanted. Escaped when it is printed, so data may be anything. */
export interface Piece {
  readonly text: string;
  readonly style: Style | null;
}
export type Text = string | Piece | readonly (string | Piece)[];

export const styled = (style: Style, text: string): Piece => ({ text, style });

/** One line for a terminal or a pipe. */
export const renderText = (text: Text, color: boolean): string =>
  piecesOf(text).map((piece) => {
    const safe = escapeControls(piece.text);
    return color && piece.style !== null && safe !== "" ? styleText(piece.style, safe, { validateStream: false }) : safe;
  }).join("");

/** Columns of a terminal that the text takes. */
export const widthOf = (text: Text): number => piecesOf(text).reduce((sum, piece) => sum + displayWidth(escapeControls(piece.text)), 0);

const piecesOf = (text: Text): Piece[] =>
  (Array.isArray(text) ? text as readonly (string | Piece)[] : [text as string | Piece])
    .map((piece) => (typeof piece === "string" ? { text: piece, style: null } : piece));

/** Control, format and direction characters, and lone halves of pairs, as `\x1b` or `\u{202e}`: they could rewrite the screen. */
export const escapeControls = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });

/** East Asian wide and emoji take two columns, marks that combine none (Unicode annex 11, coarsely). */
function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
