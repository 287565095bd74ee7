import type { NftChain, NftExpression, NftLeft, NftRule, NftTable, NftValue } from "./kernel-state";

/** Only our own names, ids and fixed words get into a rule set as text; anything else is a bug, not an input. */
const WORD = /^[A-Za-z0-9_@.-]+$/;

/**
 * A table as an `nft -f` script that replaces it in one transaction: nft 1.0.6 has no `destroy`, so the table is declared
 * (in case it is not there), deleted, and written anew. Rule names are typed values; nothing is ever pasted in.
 */
export function nftScript(table: NftTable): string {
  return [`table inet ${table.name}`, `delete table inet ${table.name}`, tableText(table), ""].join("\n");
}

export const nftDeleteScript = (): string => "table inet vpclab\ndelete table inet vpclab\n";

/** The table as a person would write it. */
export function tableText(table: NftTable): string {
  return [`table inet ${table.name} {`, ...table.chains.flatMap((chain) => indent(chainLines(chain))), "}"].join("\n");
}

function chainLines(chain: NftChain): string[] {
  const head = `type ${chain.type} hook ${chain.hook} priority ${chain.priority}; policy ${chain.policy};`;
  return [`chain ${word(chain.name)} {`, ...indent([head, ...chain.rules.map(ruleText)]), "}"];
}

export const ruleText = (rule: NftRule): string =>
  [...rule.expressions.map(expressionText), `comment "${word(rule.comment)}"`].join(" ");

function expressionText(expression: NftExpression): string {
  if ("match" in expression) {
    const { left, op, right } = expression.match;
    const operator = op === "!=" ? " !=" : "";
    return `${leftText(left)}${operator} ${valueText(right, "ct" in left)}`;
  }
  if ("counter" in expression) return "counter";
  if ("accept" in expression) return "accept";
  if ("drop" in expression) return "drop";
  return "masquerade";
}

function leftText(left: NftLeft): string {
  if ("ct" in left) return `ct ${left.ct.key}`;
  if ("payload" in left) return `${left.payload.protocol} ${left.payload.field}`;
  return left.meta.key === "iifname" || left.meta.key === "oifname" ? left.meta.key : `meta ${left.meta.key}`;
}

/** Flags (`ct state a,b`) are a plain list, everything else with several values is an anonymous set. */
function valueText(value: NftValue, flags = false): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return word(value);
  if ("prefix" in value) return `${word(value.prefix.addr)}/${value.prefix.len}`;
  const members = value.set.map((member) => valueText(member));
  return flags ? members.join(",") : `{ ${members.join(", ")} }`;
}

function word(text: string): string {
  if (!WORD.test(text)) throw new Error("a rule set holds names, ids and addresses only");
  return text;
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
