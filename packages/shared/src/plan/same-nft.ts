import type { NftExpression, NftLeft, NftRule, NftValue, SeenNftChain } from "./kernel-state";

/** Whether a chain holds exactly these rules: in order, but members of sets and maps have no order. */
export function sameRules(want: readonly NftRule[], have: SeenNftChain["rules"]): boolean {
  if (want.length !== have.length) return false;
  for (let i = 0; i < want.length; i++) {
    const [rule, seen] = [want[i], have[i]];
    if (!rule || !seen || "foreign" in seen || seen.comment !== rule.comment || !sameExpressions(rule.expressions, seen.expressions)) return false;
  }
  return true;
}

/**
 * Every expression of every rule is looked at each time that the kernel is looked at: what rules are mostly made of is
 * compared field by field, the rest as plain values.
 */
function sameExpressions(want: readonly NftExpression[], have: readonly NftExpression[]): boolean {
  if (want.length !== have.length) return false;
  for (let i = 0; i < want.length; i++) {
    const [a, b] = [want[i], have[i]];
    if (a === undefined || b === undefined || !sameExpression(a, b)) return false;
  }
  return true;
}

function sameExpression(a: NftExpression, b: NftExpression): boolean {
  if ("match" in a) return "match" in b && a.match.op === b.match.op && sameLeft(a.match.left, b.match.left) && sameValue(a.match.right, b.match.right);
  if ("counter" in a) return "counter" in b && a.counter === b.counter;
  if ("accept" in a) return "accept" in b;
  return same(a, b);
}

function sameLeft(a: NftLeft, b: NftLeft): boolean {
  if ("payload" in a) return "payload" in b && a.payload.field === b.payload.field && a.payload.protocol === b.payload.protocol;
  if ("meta" in a) return "meta" in b && a.meta.key === b.meta.key;
  return same(a, b);
}

const sameValue = (a: NftValue, b: NftValue): boolean => (typeof a === "object" ? same(a, b) : a === b);

/** A value as a text that is equal for equal values: for look-ups. */
export function valueKey(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(valueKey).join()}]`;
  const entries = Object.entries(value).map(([key, item]): [string, string] => [key, key === "set" ? keysOfMembers(item).join() : valueKey(item)]);
  return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, text]) => `${key}:${text}`).join()}}`;
}

/** Elements of `a` that `b` does not have. */
export function elementsBeside(a: readonly NftValue[], b: readonly NftValue[]): readonly NftValue[] {
  if (a.length === b.length && a.every((element, i) => element === b[i])) return [];
  const keys = new Set(b.map(elementKey));
  return a.filter((element) => !keys.has(elementKey(element)));
}

const elementKey = (element: NftValue): string => (typeof element === "string" ? element : valueKey(element));

/** Both come from parsed JSON or from our own constructors: plain values, no prototypes, no `undefined`. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
    return true;
  }
  return sameFields(a as Fields, b as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function sameFields(a: Fields, b: Fields): boolean {
  let more = 0;
  for (const key in a) {
    more++;
    if (!(key in b)) return false;
    if (!same(a[key], b[key]) && !(key === "set" && sameMembers(a[key], b[key]))) return false;
  }
  for (const _key in b) more--;
  return more === 0;
}

/** Most sets are written in the order in which they are listed, so this is rarely asked. */
function sameMembers(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && keysOfMembers(a).join() === keysOfMembers(b).join();
}

const keysOfMembers = (members: unknown): string[] => (members as readonly unknown[]).map(valueKey).sort();
