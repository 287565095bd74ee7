import type { FieldPath, Issue } from "@vpclab/shared/errors/issue";
import type { Output } from "./output";
import { styled } from "./text";

/** Where in a file something stands; lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** An issue with the place in the file that it was read from, where there is one. */
export type PlacedIssue = Issue & { readonly position?: SourcePosition };

export interface PrintedError {
  readonly code: string;
  readonly message: string;
  readonly issues: readonly PlacedIssue[];
  /** What to do next, e.g. `See: vpcctl vpc create --help`. */
  readonly hint?: string;
}

/** `vpcctl: CODE: message` and a line for each issue on standard error; with `--json` the same as one JSON value, there too. */
export function printError(error: PrintedError, out: Output): void {
  const { code, message, issues, hint } = error;
  if (out.json) {
    out.problem(JSON.stringify({ error: { code, message, issues: issues.map(jsonIssue) } }));
    return;
  }
  out.problem([styled("bold", "vpcctl: "), styled("red", code), `: ${shortened(message)}`]);
  // A place in a drawing that no file shows says nothing that the message does not.
  const isSaid = issues.length === 1 && issues.every((issue) => !issue.position && issue.message === message);
  if (!isSaid) for (const issue of issues.slice(0, LINES_MAX)) out.problem(`  ${placeOf(issue)}${issue.code}: ${shortened(issue.message)}`);
  if (issues.length > LINES_MAX) out.problem(`  … and ${issues.length - LINES_MAX} more; all of them with --json`);
  if (hint !== undefined) out.problem(hint);
}

/** On one screen. */
const LINES_MAX = 20;
/** A word of a command line may have 128 KiB. */
const CHARS_MAX = 2000;

const shortened = (text: string): string => (text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX / 2)} … (${text.length} characters)` : text);

function placeOf({ position, path }: PlacedIssue): string {
  const at = position ? `${position.file}:${position.line}:${position.column}: ` : "";
  return path.length > 0 ? `${at}${pathText(path)}: ` : at;
}

/** As JavaScript writes it: `subnets[2].cidr`. */
export const pathText = (path: FieldPath): string =>
  path.map((key, at) => (typeof key === "number" ? `[${key}]` : at === 0 ? key : `.${key}`)).join("");

const jsonIssue = ({ code, path, message, objectId, position }: PlacedIssue) => ({ code, path, message, objectId, ...position });
