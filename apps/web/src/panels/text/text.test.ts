import { describe, expect, it } from "vitest";
import { seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { writeTopologyFile } from "@vpclab/shared/file/write-topology-file";
import { yamlText } from "@vpclab/shared/text/topology-text";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { caretAfter, newLineAt, offsetOf } from "./caret-after";
import { judgeText } from "./judge-text";

const lab = twoVpcLab();
const base = { document: lab, name: "lab" };
const text = yamlText(writeTopologyFile(lab, "lab"));
const judge = (changed: string) => judgeText(changed, base, seededRandom(4));

describe("a topology's text, edited", () => {
  it("says what is drawn: there is nothing to apply", () => {
    expect(judge(text)).toEqual({ ok: true, value: null });
    expect(judge(`# a comment\n${text}`)).toEqual({ ok: true, value: null });
  });

  it("changed in several places is one command, and what has the same name stays the same object", () => {
    const changed = text.replaceAll("172.16.1.", "172.16.9.").replace("8080", "8081");
    const judged = judge(changed);
    if (!judged.ok || !judged.value) throw new Error("refused");
    const edited = applyEdit(lab, judged.value);
    if (!edited.ok) throw new Error(JSON.stringify(edited.error));
    expect(edited.value.document.subnets.map(({ id }) => id)).toEqual(lab.subnets.map(({ id }) => id));
    expect(edited.value.document.subnets.map(({ cidr }) => cidr)).toContain("172.16.9.0/24");
    const back = applyEdit(edited.value.document, edited.value.inverse);
    expect(back.ok && back.value.document).toEqual(lab);
  });

  it.each([
    ["a misspelt key", text.replace("cidr: 10.0.0.0/16", "cdir: 10.0.0.0/16"), "SCHEMA", "cdir"],
    ["a subnet outside its VPC", text.replace("10.0.1.0/24", "10.9.1.0/24"), "CIDR_OUTSIDE_VPC", "10.9.1.0/24"],
    ["a tab", text.replace("    cidr", "\tcidr"), "JSON_SYNTAX", "\tcidr"],
    ["another name", text.replace("name: lab", "name: shop"), "NAME_TAKEN", "name: shop"],
  ])("%s is told at its line and column", (_what, changed, code, near) => {
    const judged = judge(changed);
    if (judged.ok) throw new Error("accepted");
    const places = judged.error.filter((found) => found.code === code).map(({ position }) => ({ at: offsetOf(changed, position), line: changed.split("\n")[position.line - 1] }));
    expect(places.map(({ line }) => line?.trim())).toContainEqual(expect.stringContaining(near.trim()));
    expect(places.every(({ at }) => at >= 0 && at <= changed.length)).toBe(true);
  });
});

describe("the caret", () => {
  it.each([
    ["before a change it stays", "one two", "one three", 2, 2],
    ["after a change it moves along", "one two end", "one three end", 9, 11],
    ["within a change it goes to its end", "one two end", "one three end", 6, 9],
    ["after a line was put in above", "a\nb", "x\na\nb", 2, 4],
    ["after a line was taken out above", "x\na\nb", "a\nb", 4, 2],
  ])("%s", (_what, before, after, caret, expected) => expect(caretAfter(before, after, caret)).toBe(expected));

  it("finds a line and a column, also where there is none", () => {
    expect([offsetOf("ab\ncd", { line: 2, column: 2 }), offsetOf("ab\ncd", { line: 9, column: 1 }), offsetOf("ab\ncd", { line: 1, column: 9 })]).toEqual([4, 3, 2]);
  });

  it("Enter keeps the indentation, and goes deeper after a key", () => {
    expect([newLineAt("vpcs:", 5), newLineAt("  cidr: x", 9), newLineAt("  subnets:", 10), newLineAt("a\n    b: 1", 10)]).toEqual(["\n  ", "\n  ", "\n    ", "\n    "]);
  });
});
