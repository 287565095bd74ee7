import { Lexer } from "yaml";

const DEPTH_MAX = 32;
const TOKENS_MAX = 400_000;

/**
 * The parser calls itself for each level and looks at one thing at a time, so that a hostile file costs stack or minutes. The
 * lexer does neither. Null: the text is deep and long as a topology may be.
 */
export function refusedNesting(text: string): { readonly line: number; readonly message: string } | null {
  let [depth, onLine, line, tokens] = [0, 0, 1, 0];
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
    // Between brackets they separate pairs; outside, `- - -` on one line is a level each.
    else if (depth === 0 && (token === "-" || token === "?")) onLine++;
    else if (token.endsWith("\n")) onLine = 0;
    if (depth > DEPTH_MAX || onLine > 4 * DEPTH_MAX) return { line, message: `Nested deeper than ${DEPTH_MAX} levels; no topology is.` };
    if (++tokens > TOKENS_MAX) return { line, message: "There is more in it than in the largest topology." };
    for (let at = token.indexOf("\n"); at >= 0; at = token.indexOf("\n", at + 1)) line++;
  }
  return null;
}
