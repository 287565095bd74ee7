/** A block of HCL as far as a test needs it: arguments as the text of their expressions. */
export interface ParsedBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly arguments: Readonly<Record<string, string>>;
  readonly blocks: readonly ParsedBlock[];
}

const TOKEN = /#[^\n]*|\n|[ \t]+|"(?:[^"\\\n]|\\.)*"|[A-Za-z_][A-Za-z0-9_-]*|-?[0-9]+|>=|[{}[\]=,.]/y;

/** Reads the native syntax that terraform-text writes. Throws at the first thing that does not belong. */
export function parseHcl(text: string): ParsedBlock[] {
  const tokens = tokensOf(text);
  let at = 0;
  const skipLines = () => {
    while (tokens[at] === "\n") at++;
  };
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted)) throw new Error(`expected ${wanted ?? "more"}, found ${JSON.stringify(token)} after ${tokens.slice(Math.max(0, at - 8), at - 1).join(" ")}`);
    return token;
  };
  const expression = (): string => {
    let [depth, out] = [0, ""];
    for (;;) {
      const token = tokens[at];
      if (token === undefined) throw new Error("an expression without an end");
      if (depth === 0 && (token === "\n" || token === "}")) break;
      if (token === "{" || token === "[") depth++;
      if (token === "}" || token === "]") depth--;
      if (depth < 0) throw new Error("a bracket too many");
      out += take();
    }
    if (out === "") throw new Error("an argument without a value");
    return out;
  };
  const body = (): Pick<ParsedBlock, "arguments" | "blocks"> => {
    const found: { arguments: Record<string, string>; blocks: ParsedBlock[] } = { arguments: {}, blocks: [] };
    take("{");
    for (skipLines(); tokens[at] !== "}"; skipLines()) {
      if (tokens[at + 1] !== "=") {
        found.blocks.push(block());
        continue;
      }
      const name = take();
      take("=");
      if (name in found.arguments) throw new Error(`${name} twice`);
      found.arguments[name] = expression();
    }
    take("}");
    return found;
  };
  const block = (): ParsedBlock => {
    const type = take();
    if (!/^[a-z_]+$/.test(type)) throw new Error(`${type} is no type of block`);
    const labels: string[] = [];
    while (tokens[at]?.startsWith('"')) labels.push(take().slice(1, -1));
    return { type, labels, ...body() };
  };
  const blocks: ParsedBlock[] = [];
  for (skipLines(); at < tokens.length; skipLines()) blocks.push(block());
  return blocks;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let offset = 0; offset < text.length;) {
    TOKEN.lastIndex = offset;
    const [token] = TOKEN.exec(text) ?? [];
    if (!token) throw new Error(`cannot read ${JSON.stringify(text.slice(offset, offset + 30))}`);
    if (!/^[ \t#]/.test(token)) tokens.push(token);
    offset += token.length;
  }
  return tokens;
}
