import type { z } from "zod";
import type { ErrorCode } from "../errors/error-code";
import type { Issue } from "../errors/issue";

type ZodIssue = z.core.$ZodIssue;
const ISSUES_MAX = 50;
/** Text fields whose length has a code of its own; the schema's bound is only there so that nothing huge is looked at. */
const TEXT_FIELDS: readonly unknown[] = ["name", "description"];

/** Zod's complaints in our own shape: code SCHEMA, the path of the field, one sentence. At most 50. */
export const issuesOfSchema = (error: z.ZodError): Issue[] =>
  error.issues.flatMap(withoutUnions).slice(0, ISSUES_MAX).map((issue) => ({
    severity: "error",
    code: codeOf(issue),
    path: issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)),
    message: issue.message,
  }));

function codeOf(issue: ZodIssue): ErrorCode {
  const tooLong = issue.code === "too_big" && issue.origin === "string";
  return tooLong && TEXT_FIELDS.includes(issue.path.at(-1)) ? "NAME_LENGTH" : "SCHEMA";
}

/**
 * Of the alternatives that input could have been, the complaints of the one that it came nearest to: whose fixed words (`op`,
 * `kind`) fit, and whose field lies deepest. Where none fits, the whole value is wrong, not a field of it.
 */
function withoutUnions(issue: ZodIssue): ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const alternatives = issue.errors
    .map((issues) => issues.flatMap(withoutUnions))
    .filter((issues) => issues.length > 0 && !issues.some((one) => one.path.length === 1 && isFixedWord(one)));
  const depthOf = (issues: readonly ZodIssue[]) => Math.min(...issues.map((one) => one.path.length));
  const [nearest] = [...alternatives].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length);
  return nearest ? nearest.map((one) => ({ ...one, path: [...issue.path, ...one.path] })) : [issue];
}

/** A literal, or the discriminator of a union within. */
const isFixedWord = (issue: ZodIssue): boolean => issue.code === "invalid_value" || (issue.code === "invalid_union" && issue.errors.length === 0);
