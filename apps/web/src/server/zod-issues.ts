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
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return closestBranch(issue.errors).flatMap((inner) => flatten(inner, path));
  }
  return [{ severity: "error", code: "SCHEMA", path: path.map(pathPart), message: sentence(issue, path) }];
}

/**
 * The branch of a union that the caller meant is the one that got furthest: its `op` or `kind` fits, so what is wrong
 * lies deeper or is less.
 */
function closestBranch(branches: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] {
  const score = (branch: readonly ZodIssue[]) =>
    branch.reduce((sum, issue) => sum + (issue.code === "invalid_value" || issue.code === "invalid_union" ? 100 : 1), 0);
  return branches.reduce((best, branch) => (score(branch) < score(best) ? branch : best));
}

const pathPart = (part: PropertyKey): string | number => (typeof part === "symbol" ? String(part) : part);

function sentence(issue: ZodIssue, path: readonly PropertyKey[]): string {
  const field = path.length > 0 ? path.map(String).join(".") : "the input";
  return `${field}: ${issue.message}`;
}
