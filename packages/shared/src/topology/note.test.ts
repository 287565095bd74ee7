import { describe, expect, it } from "vitest";
import { twoVpcLab } from "../testing/builders";
import { applyEdit } from "./edit";
import { EditCommandSchema, type EditCommand } from "./edit-command";
import { NOTE_LENGTH_MAX, type Topology } from "./topology";
import { parseTopology } from "./validate";

const lab = twoVpcLab();
const noted = (doc: Topology, note: string): { document: Topology; inverse: EditCommand } => {
  const edited = applyEdit(doc, EditCommandSchema.parse({ op: "settings", set: { note } }));
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  return edited.value;
};

describe("the note of a topology", () => {
  it("a document without one is the same as before there were notes", () => {
    expect(Object.keys(lab.settings)).toEqual(["addressing", "driftRepair"]);
    expect(noted(lab, "").document).toEqual(lab);
  });

  it("is set, changed and taken away, and each can be undone", () => {
    const first = noted(lab, "For the second week.");
    const second = noted(first.document, "For the third.");
    const third = noted(second.document, "");
    expect([first, second, third].map(({ document }) => document.settings.note)).toEqual(["For the second week.", "For the third.", undefined]);
    for (const [step, before] of [[first, lab], [second, first.document], [third, second.document]] as const) {
      const back = applyEdit(step.document, EditCommandSchema.parse(step.inverse));
      expect(back.ok && back.value.document).toEqual(before);
    }
  });

  it.each([
    ["two lines", "a\nb", "TEXT_CONTROL"], ["a reversed word", "a\u202Eb", "TEXT_CONTROL"], ["letters put together", "e\u0301", "TEXT_CONTROL"],
  ])("%s are refused at the note", (_what, note, code) => {
    const edited = applyEdit(lab, { op: "settings", set: { note } });
    expect(edited.ok ? [] : edited.error.map((issue) => `${issue.code} ${issue.path.join(".")}`)).toEqual([`${code} settings.note`]);
  });

  it("a document with an empty or a longer one is none", () => {
    for (const note of ["", "x".repeat(NOTE_LENGTH_MAX + 1)]) {
      const parsed = parseTopology({ ...lab, settings: { ...lab.settings, note } });
      expect(parsed.ok ? [] : parsed.error.map((issue) => issue.path.join("."))).toEqual(["settings.note"]);
    }
    expect(parseTopology({ ...lab, settings: { ...lab.settings, note: "x".repeat(NOTE_LENGTH_MAX) } }).ok).toBe(true);
  });
});
