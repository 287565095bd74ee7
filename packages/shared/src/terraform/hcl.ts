/** The little of Terraform's language (HCL, native syntax) that is written here. */
export type HclValue = string | number | boolean | HclReference | readonly HclValue[];

/** An expression that stands as it is, e.g. `aws_vpc.prod.id`. */
export interface HclReference {
  readonly expression: string;
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** Above the block, each a line. */
  readonly comments: readonly string[];
  /** undefined: the argument is left away. */
  readonly arguments: Readonly<Record<string, HclValue | undefined>>;
  readonly blocks: readonly HclBlock[];
}

export const expression = (text: string): HclReference => ({ expression: text });

export const block = (type: string, labels: readonly string[], args: HclBlock["arguments"], more: Partial<Pick<HclBlock, "comments" | "blocks">> = {}): HclBlock =>
  ({ type, labels, arguments: args, comments: more.comments ?? [], blocks: more.blocks ?? [] });

/** As `terraform fmt` would write it: two spaces, equal signs of neighbours in one column. */
export function hclText({ type, labels, comments, arguments: args, blocks }: HclBlock, indent = ""): string {
  const given = Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const width = Math.max(0, ...given.map(([name]) => name.length));
  const head = `${indent}${[type, ...labels.map(quoted)].join(" ")} {`;
  const above = comments.map((line) => `${indent}# ${oneLine(line)}`);
  if (given.length === 0 && blocks.length === 0) return [...above, `${head}}`].join("\n");
  const inner = `${indent}  `;
  return [
    ...above, head,
    ...given.map(([name, value]) => `${inner}${name.padEnd(width)} = ${valueText(value)}`),
    ...blocks.map((nested, i) => `${given.length > 0 || i > 0 ? "\n" : ""}${hclText(nested, inner)}`),
    `${indent}}`,
  ].join("\n");
}

function valueText(value: HclValue): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return String(value);
  return "expression" in value ? value.expression : `[${value.map(valueText).join(", ")}]`;
}

/** A quoted template: backslash, quote, control characters and the two beginnings of a sequence are escaped. */
export function quoted(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/([$%])\{/g, "$1$1{");
  return `"${escaped}"`;
}

/** A comment ends with its line. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
