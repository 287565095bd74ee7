const TOKEN = /\s+|"(?:[^"\\\n]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|[{}[\]:]|,(?!\s*[}\]])/y;

/** Where a text is no JSON, and why; null: it is JSON. For text that YAML's parser, which allows more, has read already. */
export function strictJsonProblem(text: string): { readonly offset: number; readonly message: string } | null {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return null;
  } catch {
    const offset = firstForeign(text);
    return { offset, message: reasonAt(text, offset) };
  }
}

/** The first thing that JSON does not know. The engine's own message names the place only sometimes. */
function firstForeign(text: string): number {
  let offset = 0;
  while (offset < text.length) {
    TOKEN.lastIndex = offset;
    const [token = ""] = TOKEN.exec(text) ?? [];
    if (token === "") return offset;
    offset += token.length;
  }
  return 0;
}

function reasonAt(text: string, offset: number): string {
  const here = text[offset];
  if (text.trim() === "") return "The file is empty.";
  if (here === ",") return "A comma stands before the closing bracket; JSON allows none there.";
  if (here === "'") return "JSON wants double quotes.";
  if (here === "#" || here === "/") return "JSON knows no comments; delete it, or name the file .yaml.";
  const what = offset === 0 && here !== undefined && /["{}[\]:\d]/.test(here) ? "Something is missing between two brackets, colons or commas" : `“${here ?? ""}” cannot stand here`;
  return `This is no JSON: ${what}. Keys and texts are in double quotes; the file may also be YAML, named .yaml.`;
}
