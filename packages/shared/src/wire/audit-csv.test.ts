import { describe, expect, it } from "vitest";
import type { AuditEntry } from "./audit";
import { AUDIT_GENESIS, nextAuditEntry } from "./audit-chain";
import { auditCsv } from "./audit-csv";
import { escapeControl } from "./escape-text";

const entry = (name: string): AuditEntry => nextAuditEntry(AUDIT_GENESIS, {
  at: 1_764_490_000_123, actor: { kind: "user", id: "u1", name, role: "admin" }, ip: "192.0.2.7", action: "topology.save", object: null, revisionBefore: null,
  revisionAfter: 4, outcome: "done", errorCode: null, jobId: null, traceId: null, count: 1,
});
const cellOf = (name: string) => auditCsv([entry(name)]).split("\r\n")[1]?.split(",")[3];

describe("an export as CSV", () => {
  it("has a heading and a line for each entry", () => {
    const lines = auditCsv([entry("ann"), entry("bob")]).split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain(`"sequence","time","actor kind","actor"`);
    expect(lines[1]).toContain(`1,"2025-11-30T08:06:40.123Z","user","ann","u1","admin","192.0.2.7","topology.save","","","","",4,"done","","","",1,"`);
    expect(lines[3]).toBe("");
  });

  it.each([
    ["=cmd|'/c calc'!A1", `"'=cmd|'/c calc'!A1"`], ["+1", `"'+1"`], ["-1", `"'-1"`], ["@x", `"'@x"`], [" =1", `"' =1"`], ["\t=1", String.raw`"\u{9}=1"`],
    ["\r=1", String.raw`"\u{d}=1"`], [`"=1`, `"""=1"`], ["a=1", `"a=1"`],
  ])("makes %j inert", (name, cell) => expect(cellOf(name)).toBe(cell));

  it.each([
    ["\u001b[2J", String.raw`\u{1b}[2J`], ["\u001b]52;c;aGk=\u0007", String.raw`\u{1b}]52;c;aGk=\u{7}`], ["a\r\nb", String.raw`a\u{d}\u{a}b`],
    ["\u202eevil", String.raw`\u{202e}evil`], ["\u2028", String.raw`\u{2028}`], ["\u200b", String.raw`\u{200b}`], ["ä 😀", "ä 😀"],
  ])("shows %j as what it is", (text, shown) => expect(escapeControl(text)).toBe(shown));
});
