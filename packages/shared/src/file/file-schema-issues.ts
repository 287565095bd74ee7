import type { z } from "zod";
import { isErrorCode } from "../errors/app-error";
import type { ErrorCode } from "../errors/error-code";
import type { FieldPath, Issue } from "../errors/issue";
import { printable } from "../topology/printable";
import { didYouMean } from "./nearest-word";

type ZodIssue = z.core.$ZodIssue;
const ISSUES_MAX = 100;

/** Zod's complaints about a file (parsed with `reportInput`), in words for a person: one per wrong value or unknown key. */
export const fileSchemaIssues = (error: z.ZodError): Issue[] => error.issues.flatMap(nearestAlternative).flatMap(issuesOf).slice(0, ISSUES_MAX);

/** Of the forms that a value may have, the complaints of the one that it has; one complaint about its type where it has none. */
function nearestAlternative(issue: ZodIssue): ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const fitting = issue.errors.find((issues) => !issues.some((one) => one.code === "invalid_type" && one.path.length === 0));
  if (!fitting) return [issue];
  return fitting.map((one) => ({ ...one, path: [...issue.path, ...one.path] })).flatMap(nearestAlternative);
}

function issuesOf(issue: ZodIssue): Issue[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  const one = (code: ErrorCode, message: string, at: FieldPath = path): Issue => ({ severity: "error", code, path: at, message });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => one("SCHEMA", unknownKey(key, issue.message.split(" ")), [...path, key]));
    case "invalid_key":
      return issue.issues.slice(0, 1).map((inner) => one(codeOf(inner), inner.message));
    case "invalid_type":
      return [one("SCHEMA", issue.input === undefined ? missing(path) : wrongType([issue.expected], issue.input))];
    case "invalid_union":
      return [one("SCHEMA", wrongType(issue.errors.flatMap((issues) => issues.slice(0, 1).map((inner) => ("expected" in inner ? String(inner.expected) : ""))), issue.input))];
    case "invalid_value": {
      const values = issue.values.map(String);
      const given = typeof issue.input === "string" ? `“${printable(issue.input)}”` : kindOf(issue.input);
      return [one("SCHEMA", `${given} is not one of: ${values.join(", ")}.${typeof issue.input === "string" ? didYouMean(issue.input, values) : ""}`)];
    }
    case "too_big":
      return [one(issue.origin === "string" ? "NAME_LENGTH" : "SCHEMA", issue.origin === "string" ? "This text is too long." : "This number is too large.")];
    default:
      return [one(codeOf(issue), issue.message)];
  }
}

function codeOf(issue: ZodIssue): ErrorCode {
  const code: unknown = issue.code === "custom" ? issue.params?.["code"] : undefined;
  return isErrorCode(code) ? code : "SCHEMA";
}

const unknownKey = (key: string, known: readonly string[]): string => {
  const nearest = didYouMean(key, known);
  return `There is no key “${printable(key)}” here.${nearest || ` Known: ${known.join(", ")}.`}`;
};

const missing = (path: FieldPath): string => `“${String(path.at(-1) ?? "")}” is missing.`;

const WANTED: Partial<Record<string, string>> = {
  string: "a text", int: "a whole number", number: "a whole number", boolean: "true or false", object: "keys with values (key: value)",
  record: "keys with values (key: value)", array: "a list (lines that begin with “- ”)", null: "nothing",
};

function wrongType(expected: readonly string[], input: unknown): string {
  const wanted = [...new Set(expected.map((type) => WANTED[type] ?? type))];
  const quotes = expected.includes("string") && (typeof input === "number" || typeof input === "boolean");
  if (quotes) return `Here belongs ${wanted.join(" or ")}, not ${kindOf(input)}; put it in quotes: "${String(input)}".`;
  if (typeof input === "string" && expected.includes("boolean") && /^(yes|no|on|off|y|n)$/i.test(input)) return `Write true or false; “${input}” is a text.`;
  if (typeof input === "string" && wanted[0] === "a whole number") return `Here belongs a whole number, not the text “${printable(input)}”.`;
  return `Here belongs ${wanted.join(" or ")}, not ${kindOf(input)}.`;
}

function kindOf(input: unknown): string {
  if (input === null) return "nothing";
  if (Array.isArray(input)) return "a list";
  switch (typeof input) {
    case "string": return `the text “${printable(input)}”`;
    case "number": return `the number ${input}`;
    case "boolean": return String(input);
    default: return "keys with values";
  }
}
