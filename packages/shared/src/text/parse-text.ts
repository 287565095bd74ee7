import type { ErrorCode } from "../errors/error-code";
import type { FieldPath } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar } from "yaml";
import { LineCounter, parseDocument } from "yaml";
import type { FileIssue, FilePosition } from "./file-issue";
import { refusedNesting } from "./nesting";
import { strictJsonProblem } from "./strict-json";
import type { Source } from "./source";

export interface ParsedText {
  /** Plain objects, lists, texts, whole numbers, booleans and nulls. */
  readonly value: unknown;
  readonly document: Document.Parsed;
  /** Of the key or item at a path; of the nearest that is there, where it is not. */
  position(path: FieldPath): FilePosition;
}

/** `__proto__` would reach into the objects themselves. */
const FORBIDDEN_KEYS: readonly string[] = ["__proto__"];
const PLAIN_NUMBER = /^-?(0|[1-9][0-9]*)$/;

/**
 * Text to plain values. YAML 1.2 with the core schema, of which only data is taken: no anchors, tags, merge keys or directives,
 * no key twice, numbers in plain decimal. `json`: nothing but JSON. All that is wrong is said at once, as far as it can be read.
 */
export function parseText({ name, text }: Source, { json }: { readonly json: boolean }): Result<ParsedText, FileIssue[]> {
  const lines = new LineCounter();
  const issueAt = (offset: number, code: ErrorCode, message: string, path: FieldPath = []): FileIssue =>
    ({ severity: "error", code, path, message, position: { file: name, ...positionOf(lines, offset) } });
  const nesting = refusedNesting(text);
  if (nesting) return err([{ severity: "error", code: "JSON_LIMIT", path: [], message: nesting.message, position: { file: name, line: nesting.line, column: 1 } }]);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false, merge: false, logLevel: "error" });
  const syntax = document.errors.map(({ code, message, pos }) =>
    message.includes("call stack") ? issueAt(pos[0], "JSON_LIMIT", TOO_DEEP) : issueAt(pos[0], "JSON_SYNTAX", SYNTAX_TEXT[code] ?? `${message}.`));
  if (syntax.length > 0) return err(syntax.slice(0, 20));
  if (document.directives.yaml.explicit || text.startsWith("%")) return err([issueAt(0, "JSON_SYNTAX", "Directives (%YAML, %TAG) are not read here; begin with the first key.")]);
  if (json) {
    const problem = strictJsonProblem(text);
    if (problem) return err([issueAt(problem.offset, "JSON_SYNTAX", problem.message)]);
  }
  const plain = new PlainValues();
  const value = plain.of(document.contents, []);
  if (plain.refused.length > 0) return err(plain.refused.slice(0, 50).map(({ offset, code, message, path }) => issueAt(offset, code, message, path)));
  return ok({ value, document, position: (path) => ({ file: name, ...positionOf(lines, plain.offsetOf(path)) }) });
}

function positionOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

const TOO_DEEP = "Nested by more levels than any topology is.";
const SYNTAX_TEXT: Partial<Record<string, string>> = {
  TAB_AS_INDENT: "A tab indents this line; YAML wants spaces.",
  MULTIPLE_DOCS: "A second document begins here (---); a file holds one topology.",
  NON_STRING_KEY: "A key is one text; lists and objects cannot be keys.",
  BLOCK_AS_IMPLICIT_KEY: "A second “key: value” on the same line; begin a new line, indented, or put a text with a colon in quotes.",
};

interface Refused {
  readonly offset: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: FieldPath;
}

/** The values of a parsed document, and where each stands. */
class PlainValues {
  readonly refused: Refused[] = [];
  private readonly offsets = new Map<string, number>();

  of(node: ParsedNode | null, path: FieldPath): unknown {
    if (node === null) return null;
    if (!this.offsets.has(JSON.stringify(path))) this.offsets.set(JSON.stringify(path), node.range[0]);
    const refuse = (code: ErrorCode, message: string): null => {
      this.refused.push({ offset: node.range[0], code, message, path });
      return null;
    };
    if (isAlias(node)) return refuse("JSON_SYNTAX", `Aliases are not read here; write out what “*${node.source}” stands for.`);
    if (node.tag !== undefined) return refuse("JSON_SYNTAX", `Tags like ${shortTag(node.tag)} are not read here; write the value alone.`);
    if (isScalar(node)) return this.scalar(node, refuse);
    if (isSeq(node)) return node.items.map((item, i) => this.of(item as ParsedNode, [...path, i]));
    if (!isMap(node)) return refuse("JSON_SYNTAX", "This is no value of a topology file.");
    const entries: [string, unknown][] = [];
    const seen = new Set<string>();
    for (const { key: keyNode, value } of node.items) {
      const key = isScalar(keyNode) ? String(keyNode.value) : "";
      const offset = keyNode?.range?.[0] ?? node.range[0];
      const refuseKey = (code: ErrorCode, message: string) => this.refused.push({ offset, code, message, path: [...path, key] });
      if (isAlias(keyNode)) refuseKey("JSON_SYNTAX", "Aliases are not read here; write out the key.");
      else if (seen.has(key)) refuseKey("JSON_DUPKEY", `“${key.slice(0, 40)}” stands here for the second time; the two would hide each other.`);
      else if (key === "<<") refuseKey("JSON_SYNTAX", "Merge keys (<<) are not read here; write out the keys.");
      else if (FORBIDDEN_KEYS.includes(key)) refuseKey("SCHEMA", `There is no key “${key}” here.`);
      else {
        this.offsets.set(JSON.stringify([...path, key]), offset);
        entries.push([key, this.of(value as ParsedNode | null, [...path, key])]);
      }
      seen.add(key);
    }
    return Object.fromEntries(entries);
  }

  private scalar(node: Scalar.Parsed, refuse: (code: ErrorCode, message: string) => null): unknown {
    const { value, source } = node;
    if (typeof value === "number" || typeof value === "bigint") {
      if (PLAIN_NUMBER.test(source) && Number.isSafeInteger(Number(value))) return Number(value);
      return refuse("SCHEMA", `Write the number in plain decimal (or as a text, in quotes); “${source.slice(0, 40)}” can be read in more than one way.`);
    }
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    return refuse("SCHEMA", "This is no value of a topology file.");
  }

  offsetOf(path: FieldPath): number {
    for (let length = path.length; length >= 0; length--) {
      const offset = this.offsets.get(JSON.stringify(path.slice(0, length)));
      if (offset !== undefined) return offset;
    }
    return 0;
  }
}

const shortTag = (tag: string): string => tag.replace(/^tag:yaml\.org,2002:/, "!!").slice(0, 40);
