import type { NftRule, NftValue, SeenNftChain } from "./kernel-state";

/** Whether a chain holds exactly these rules: in order, but members of sets and maps have no order. */
export function sameRules(want: readonly NftRule[], have: SeenNftChain["rules"]): boolean {
  if (want.length !== have.length) return false;
  return want.every((rule, i) => {
    const seen = have[i];
    return seen !== undefined && !("foreign" in seen) && seen.comment === rule.comment && same(rule.expressions, seen.expressions);
  });
}

/** A value as a text that is equal for equal values: for look-ups. */
export function valueKey(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(valueKey).join()}]`;
  const entries = Object.entries(value).map(([key, item]): [string, string] => [key, key === "set" ? keysOfMembers(item).join() : valueKey(item)]);
  return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, text]) => `${key}:${text}`).join()}}`;
}

/** Elements of `a` that `b` does not have. */
export function elementsBeside(a: readonly NftValue[], b: readonly NftValue[]): NftValue[] {
  const keys = new Set(b.map(elementKey));
  return a.filter((element) => !keys.has(elementKey(element)));
}

const elementKey = (element: NftValue): string => (typeof element === "string" ? element : valueKey(element));

/** Both come from parsed JSON or from our own constructors: plain values, no prototypes, no `undefined`. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const [left, right] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]];
    return same(left, right) || (key === "set" && sameMembers(left, right));
  });
}

/** Most sets are written in the order in which they are listed, so this is rarely asked. */
function sameMembers(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && keysOfMembers(a).join() === keysOfMembers(b).join();
}

const keysOfMembers = (members: unknown): string[] => (members as readonly unknown[]).map(valueKey).sort();
