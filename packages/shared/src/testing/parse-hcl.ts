/** A block of HCL as far as a test needs it: arguments as the text of their expressions. */
export interface ParsedBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly arguments: Readonly<Record<string, string>>;
  readonly blocks: readonly ParsedBlock[];
}

/**
 * HCL native syntax specification (hashicorp/hcl, hclsyntax/spec.md): identifiers may hold dashes; a quoted template knows these escapes
 * only, and `${` or `%{` begins a sequence unless its first sign stands twice.
 */
const STRING = /"(?:[^"\\\n$%]|\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|\$\$\{|%%\{|[$%](?!\{))*"/.source;
const TOKEN = new RegExp(`#[^\\n]*|\\n|[ \\t]+|${STRING}|[A-Za-z_][A-Za-z0-9_-]*|-?[0-9]+(?![A-Za-z_])|[{}[\\]=,.]`, "y");
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;

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
  const identifier = (): string => {
    const name = take();
    if (!IDENTIFIER.test(name)) throw new Error(`${name} is no name`);
    return name;
  };
  /** A list of `item`s up to `end`, with commas between them. */
  const listOf = (end: string, item: () => string): string => {
    const items: string[] = [];
    while (tokens[at] !== end) {
      items.push(item());
      if (tokens[at] !== end) take(",");
    }
    return `${items.join(",")}${take(end)}`;
  };
  const expression = (): string => {
    const token = take();
    if (token === "[") return `[${listOf("]", expression)}`;
    if (token === "{") return `{${listOf("}", () => `${identifier()}${take("=")}${expression()}`)}`;
    if (/^["\-0-9]/.test(token)) return token;
    if (!IDENTIFIER.test(token)) throw new Error(`an argument without a value: ${JSON.stringify(token)}`);
    let out = token;
    while (tokens[at] === ".") out += `${take()}${identifier()}`;
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
      const name = identifier();
      take("=");
      if (name in found.arguments) throw new Error(`${name} twice`);
      found.arguments[name] = expression();
      if (tokens[at] !== "\n") throw new Error(`${name} does not end with its line`);
    }
    take("}");
    return found;
  };
  const block = (): ParsedBlock => {
    const type = take();
    if (!/^[a-z_]+$/.test(type)) throw new Error(`${type} is no type of block`);
    const labels: string[] = [];
    while (tokens[at]?.startsWith('"')) labels.push(take().slice(1, -1));
    const inner = body();
    if (at < tokens.length && tokens[at] !== "\n") throw new Error(`a block ${type} does not end with its line`);
    return { type, labels, ...inner };
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
