import type { NftChain, NftExpression, NftLeft, NftRule, NftSet, NftTable, NftTranslation, NftValue, NftVerdict } from "./kernel-state";
import type { NftChange } from "./step";

/** Only our own names, ids and fixed words get into a rule set as text; anything else is a bug, not an input. */
const WORD = /^[A-Za-z0-9_@.-]+$/;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
const TABLE = /^[a-z0-9]+ [A-Za-z][A-Za-z0-9_./-]*$/;
const OURS = "inet vpclab";

/*
 * All of it is text for `nft -f` and for libnftables' nft_run_cmd_from_buffer alike: one statement a line, because the latter
 * wants a line break (or `;`) before a closing brace.
 */

/**
 * A table as a script that replaces it in one transaction: nft 1.0.6 has no `destroy`, so the table is declared (in case it is
 * not there), deleted, and written anew. Rule names are typed values; nothing is ever pasted in.
 */
export function nftScript(table: NftTable): string {
  return `${nftDeleteScript(`inet ${table.name}`)}${tableText(table)}\n`;
}

/** `table` is `<family> <name>`; no error where it is not there. */
export function nftDeleteScript(table: string): string {
  if (!TABLE.test(table)) throw new Error("a table is named by its family and a name of letters and digits");
  return `table ${table}\ndelete table ${table}\n`;
}

/** Changes of our table as a script, one transaction. */
export const changesScript = (changes: readonly NftChange[]): string => `${changes.flatMap(changeLines).join("\n")}\n`;

/** The table as a person would write it. */
export function tableText(table: NftTable): string {
  const blocks = [
    ...table.counters.flatMap((name) => [`counter ${word(name)} {`, "}"]),
    ...table.sets.flatMap(setBlock),
    ...table.chains.flatMap((chain) => [`chain ${word(chain.name)} {`, ...indent([...hookOf(chain), ...chain.rules.map(ruleText)]), "}"]),
  ];
  return [`table inet ${table.name} {`, ...indent(blocks), "}"].join("\n");
}

function changeLines(change: NftChange): string[] {
  switch (change.change) {
    case "add-counter": return [`add counter ${OURS} ${word(change.name)}`];
    case "delete-counter": return [`delete counter ${OURS} ${word(change.name)}`];
    case "add-set": return [`add set ${OURS} ${word(change.set.name)} { ${setType(change.set)} }`, ...elementLines("add", change.set.name, change.set.elements)];
    case "delete-set": return [`delete set ${OURS} ${word(change.name)}`];
    case "add-elements": return elementLines("add", change.set, change.elements);
    case "delete-elements": return elementLines("delete", change.set, change.elements);
    case "add-chain": return [addChain(change.chain), ...ruleLines(change.chain.name, change.chain.rules)];
    case "delete-chain": return [`delete chain ${OURS} ${word(change.name)}`];
    case "rewrite-rules": return [`flush chain ${OURS} ${word(change.chain)}`, ...ruleLines(change.chain, change.rules)];
  }
}

const addChain = (chain: NftChain): string =>
  [`add chain ${OURS} ${word(chain.name)}`, ...hookOf(chain).map((hook) => `{ ${hook} }`)].join(" ");

const ruleLines = (chain: string, rules: readonly NftRule[]): string[] =>
  rules.map((rule) => `add rule ${OURS} ${word(chain)} ${ruleText(rule)}`);

const elementLines = (verb: "add" | "delete", set: string, elements: readonly NftValue[]): string[] =>
  elements.length === 0 ? [] : [`${verb} element ${OURS} ${word(set)} ${braced(elements)}`];

function setBlock(set: NftSet): string[] {
  const elements = set.elements.length === 0 ? [] : [`elements = ${braced(set.elements)}`];
  return [`set ${word(set.name)} {`, ...indent([setType(set), ...elements]), "}"];
}

const setType = (set: NftSet): string => `type ${set.type};${set.interval ? " flags interval;" : ""}`;

const hookOf = (chain: NftChain): string[] =>
  chain.type === null ? [] : [`type ${chain.type} hook ${chain.hook} priority ${chain.priority}; policy ${chain.policy};`];

export const ruleText = (rule: NftRule): string =>
  [...rule.expressions.map(expressionText), `comment "${word(rule.comment)}"`].join(" ");

function expressionText(expression: NftExpression): string {
  if ("match" in expression) {
    const { left, op, right } = expression.match;
    const operator = op === "!=" ? " !=" : "";
    return `${leftText(left)}${operator} ${"ct" in left ? flagsText(right) : valueText(right)}`;
  }
  if ("counter" in expression) return expression.counter === null ? "counter" : `counter name ${word(expression.counter)}`;
  if ("vmap" in expression) {
    const { key, data } = expression.vmap;
    return `${leftText(key)} vmap { ${data.set.map(([value, verdict]) => `${valueText(value)} : ${verdictText(verdict)}`).join(", ")} }`;
  }
  if ("mangle" in expression) return `meta mark set ${hex(expression.mangle.value)}`;
  if ("notrack" in expression) return "notrack";
  if ("masquerade" in expression) return "masquerade";
  if ("snat" in expression) return `snat ip to ${translationText(expression.snat)}`;
  if ("dnat" in expression) return `dnat ip to ${translationText(expression.dnat)}`;
  return verdictText(expression);
}

function verdictText(verdict: NftVerdict): string {
  if ("jump" in verdict) return `jump ${word(verdict.jump.target)}`;
  if ("goto" in verdict) return `goto ${word(verdict.goto.target)}`;
  if ("accept" in verdict) return "accept";
  return "drop" in verdict ? "drop" : "return";
}

function translationText({ addr, port }: NftTranslation): string {
  if (port === undefined) return word(addr);
  return `${word(addr)}:${typeof port === "number" ? port : port.range.join("-")}`;
}

/** The key of a match as nft writes it, e.g. `ip saddr`. */
function leftText(left: NftLeft): string {
  if ("ct" in left) return `ct ${left.ct.key}`;
  if ("fib" in left) return `fib ${left.fib.flags} ${left.fib.result}`;
  if ("payload" in left) return `${left.payload.protocol} ${left.payload.field}`;
  return left.meta.key === "iifname" || left.meta.key === "oifname" ? left.meta.key : `meta ${left.meta.key}`;
}

function valueText(value: NftValue): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return MAC.test(value) ? value : word(value);
  if ("prefix" in value) return `${word(value.prefix.addr)}/${value.prefix.len}`;
  if ("range" in value) return value.range.map(valueText).join("-");
  return braced(value.set);
}

/** Flags (`ct state a,b`) are a plain list, everything else with several values is an anonymous set. */
const flagsText = (value: NftValue): string =>
  typeof value === "object" && "set" in value ? value.set.map(valueText).join(",") : valueText(value);

const braced = (values: readonly NftValue[]): string => `{ ${values.map(valueText).join(", ")} }`;

const hex = (value: number): string => `0x${value.toString(16)}`;

function word(text: string): string {
  if (!WORD.test(text)) throw new Error("a rule set holds names, ids and addresses only");
  return text;
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
