import type { Issue } from "@vpclab/shared/errors/issue";
import type { z } from "zod";

type ZodIssue = z.core.$ZodIssue;

const ISSUES_MAX = 50;

/** A refusal by a zod schema as our own issues, all with code SCHEMA and the path of the wrong field. */
export function issuesFromZod(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue) => flatten(issue, [])).slice(0, ISSUES_MAX);
}

function flatten(issue: ZodIssue, prefix: readonly PropertyKey[]): Issue[] {
  const path = [...prefix, ...issue.path];
  const meant = issue.code === "invalid_union" ? meantBranch(issue.errors) : null;
  if (meant) return meant.flatMap((inner) => flatten(inner, path));
  return [{ severity: "error", code: "SCHEMA", path: path.map(pathPart), message: sentence(issue, path) }];
}

/**
 * The branch of a union that the caller meant: the one whose fixed words (`op`, `kind`) fit, with the fewest complaints.
 * Null when none fits: then the whole value is wrong, not a field of it.
 */
function meantBranch(branches: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] | null {
  const fitting = branches.filter((branch) => !branch.some((issue) => issue.path.length <= 1 && isFixedWord(issue)));
  return fitting.sort((a, b) => a.length - b.length)[0] ?? null;
}

const isFixedWord = (issue: ZodIssue): boolean =>
  issue.code === "invalid_value" || (issue.code === "invalid_union" && issue.errors.length === 0);

const pathPart = (part: PropertyKey): string | number => (typeof part === "symbol" ? String(part) : part);

function sentence(issue: ZodIssue, path: readonly PropertyKey[]): string {
  const field = path.length > 0 ? path.map(String).join(".") : "the input";
  return `${field}: ${issue.message}`;
}
