/**
 * One line of `ip -batch`. iproute2 splits at blanks, knows both kinds of quotes and no escapes, cuts at `#` even inside
 * quotes and joins lines at a backslash (lib/utils.c makeargs, getcmdline), so these four never get in.
 */
export const batchLine = (words: readonly string[]): string => words.map(batchWord).join(" ");

function batchWord(word: string): string {
  if (/["'#\\\n]/.test(word) || word === "") throw new Error(`cannot stand in an ip batch: ${JSON.stringify(word)}`);
  return /\s/.test(word) ? `"${word}"` : word;
}
