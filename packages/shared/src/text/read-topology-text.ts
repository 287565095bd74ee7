import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { readTopologyFile, type ReadFile, type ReadOptions } from "../file/read-topology-file";
import type { FileIssue } from "./file-issue";
import { parseText, type ParsedText } from "./parse-text";
import type { Source } from "./source";

export interface ReadText extends Omit<ReadFile, "warnings"> {
  readonly warnings: readonly FileIssue[];
  readonly parsed: ParsedText;
}

/** The text of a topology file to a topology, or all that is wrong with it, each with its line. */
export function readTopologyText(source: Source, options: ReadOptions): Result<ReadText, FileIssue[]> {
  const parsed = parseText(source, { json: isJson(source) });
  if (!parsed.ok) return parsed;
  const placed = (issues: ReadFile["warnings"]): FileIssue[] => issues.map((issue) => ({ ...issue, position: parsed.value.position(issue.path) }));
  // What a program that failed has left; taken at its word it would remove everything.
  if (parsed.value.value === null) return err(placed([{ severity: "error", code: "SCHEMA", path: [], message: EMPTY }]));
  const read = readTopologyFile(parsed.value.value, options);
  if (!read.ok) return err(placed(read.error).sort((a, b) => a.position.line - b.position.line));
  return ok({ ...read.value, warnings: placed(read.value.warnings), parsed: parsed.value });
}

const EMPTY = "The file is empty, which says nothing about what should be there. A topology without a VPC is: vpcs: {}";

/** By its name; what is piped in may be both, and JSON is YAML, too. */
export const isJson = ({ name }: Pick<Source, "name">): boolean => name.toLowerCase().endsWith(".json");
