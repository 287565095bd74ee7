import type { ErrorCode } from "../errors/error-code";
import type { FieldPath, Issue } from "../errors/issue";
import { didYouMean } from "../file/nearest-word";
import { printable } from "../topology/printable";

export type Fields = Readonly<Record<string, unknown>>;

/** What is found wrong, and what is worth saying, while a policy is read. */
export class PolicyReading {
  readonly issues: Issue[] = [];
  readonly notes = new Set<string>();

  refuse(code: ErrorCode, path: FieldPath, message: string): null {
    this.issues.push({ severity: "error", code, path, message });
    return null;
  }

  /** The value as an object that has none but these keys. */
  fields(value: unknown, path: FieldPath, what: string, known: readonly string[]): Fields | null {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.refuse("SCHEMA", path, `${what} is an object in braces, not ${kindOf(value)}.`);
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.refuse("SCHEMA", [...path, key], `There is no key “${printable(key)}” in ${what.toLowerCase()}.${didYouMean(key, known) || ` Known: ${known.join(", ")}.`}`);
    }
    return value as Fields;
  }

  /** The text behind a key, null where there is none; `needed` where one must be. */
  text(fields: Fields, key: string, path: FieldPath, needed = false): string | null {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (typeof value === "string") return value;
    if (value === undefined || value === null) return needed ? this.refuse("SCHEMA", path, `“${key}” is missing.`) : null;
    return this.refuse("SCHEMA", [...path, key], `“${key}” is a text in quotes, not ${kindOf(value)}.`);
  }
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : typeof value === "string" ? "a text" : `the ${typeof value} ${String(value)}`;
}
