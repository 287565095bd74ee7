import { inLab, pathTo, refused, rows, setting, type BadInput } from "./bad-input";

/** Names and texts for display. */

const vpc = inLab("vpcs", "vpc1");
const db = inLab("securityGroups", "db");

const named = (name: unknown) => setting(vpc, { name });
const described = (description: unknown) => setting(db, { description });
const badName = (id: string, names: readonly string[]): BadInput[] =>
  rows(id, names, (name) => ({ attempt: named(name), expected: refused("NAME_GRAMMAR", ...pathTo(vpc), "name") }));
const badText = (id: string, texts: readonly string[]): BadInput[] =>
  rows(id, texts, (text) => ({ attempt: described(text), expected: refused("TEXT_CONTROL", ...pathTo(db), "description") }));
const goodText = (id: string, texts: readonly string[]): BadInput[] =>
  rows(id, texts, (text) => ({ attempt: described(text), expected: null }));

export const BAD_NAMES: readonly BadInput[] = [
  ...badName("B-A1", ["web;id", "$(id)", "`id`", "a|b", "a&&b", "${IFS}"]),
  ...badName("B-A2", ["-h", "--help", "-rf"]),
  ...badName("B-A3", ["../x", "..", ".", "a/b", "%2e%2e%2f", "..\\x"]),
  ...badText("B-A6", ['"\nflush ruleset', "a\r\nb", "a\tb", "a\0b"]),
  ...goodText("B-A6", ['"; flush ruleset; add table inet x', "'; drop table topology; --"]),
  { id: "B-A7", what: "a name of 31", attempt: named("a".repeat(31)), expected: refused("NAME_LENGTH", ...pathTo(vpc), "name") },
  { id: "B-A7", what: "a name of 129", attempt: named("a".repeat(129)), expected: refused("NAME_LENGTH", ...pathTo(vpc), "name") },
  { id: "B-A7", what: "a name of 1 MB", attempt: named("a".repeat(1_000_000)), expected: refused("NAME_LENGTH", ...pathTo(vpc), "name") },
  { id: "B-A7", what: "a description of 65", attempt: described("a".repeat(65)), expected: refused("NAME_LENGTH", ...pathTo(db), "description") },
  { id: "B-A7", what: "a description of 64, 256 bytes", attempt: described("🙂".repeat(64)), expected: null },
  { id: "B-A7", what: "a description of 257", attempt: described("a".repeat(257)), expected: refused("NAME_LENGTH", ...pathTo(db), "description") },
  ...badName("B-A8", ["veth%d", "a%d"]),
  ...badName("B-A11", ["\u202Eabc", "a\u200Bb", "\uFEFFa", "e\u0301a"]),
  ...badText("B-A11", ["\u202Eabc", "a\u200Bb", "\uFEFFa", "e\u0301a", "a\u2066b\u2069"]),
  ...goodText("B-A11", ["Z\u0351\u036B", "\u0646\u0645\u06CC\u200C\u0634\u0648\u062F", "👩\u200D💻"]),
  ...badName("B-A12", ["wеb"]),
  ...badName("B-A14", ["Web", "WEB"]),
  ...badName("B-A15", ["", " ", " a", "a ", "a b"]),
  ...badName("B-A17", ["<script>", "{{7*7}}", "%s%n", "javascript:"]),
  ...goodText("B-A17", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}}", "%s%n"]),
  ...badName("B-A18", ["\u001b[2J", "\u001b]52;c;eA==\u0007", "\u001b]8;;http://x\u0007a"]),
  ...badText("B-A18", ["\u001b[2J", "\u001b]52;c;eA==\u0007", "\u009b2J"]),
  ...badName("B-A19", ["=cmd|'/c calc'!A1", "+1", "@x"]),
  ...badName("B-A20", ["\ud800", "a\udc00"]),
  ...badText("B-A20", ["\ud800", "a\udc00b"]),
];
