/**
 * Where each key of a policy file stands: line (from 1) by its dotted path, e.g. `max.vpcs`. `text` is valid JSON with an object
 * at the top; keys of objects inside lists are left out, a policy has none.
 */
export function linesOfKeys(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const path: string[] = [];
  let line = 1;
  let last: { readonly key: string; readonly line: number } | null = null;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "\n") line += 1;
    else if (token === "{" || token === "[") {
      path.push(last?.key ?? "");
      last = null;
    } else if (token === "}" || token === "]") path.pop();
    else if (token === ":") {
      if (last) lines.set([...path.slice(1), last.key].join("."), last.line);
    } else if (token === ",") last = null;
    else last = { key: JSON.parse(token) as string, line };
  }
  return lines;
}

/** What a place in the text is made of; numbers and words are of no interest. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,\n]/g;
