import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { LogLine } from "@vpclab/shared/wire/live";
import { describe, expect, it } from "vitest";
import { EVERY_EVENT, filterEvents, groupByApply } from "./event-filter";

const doc = twoVpcLab();
const index = indexTopology(doc);
const instance = doc.instances[0]!.id;
const group = doc.securityGroups[0]!.id;
let clock = 0;
const line = (text: string, more: Partial<LogLine> = {}): LogLine => ({ at: ++clock, level: "info", text, ...more });
const LOG = [
  line("lab is in-place: everything is in place"),
  line("lab revision 1: 60 steps in 0.42 s, in place"),
  line("lab is drifted: link eth0 is down", { level: "warn", objectId: instance }),
  line("lab: repaired “main”: link eth0 is down", { objectId: instance }),
  line("lab revision 2: 3 steps in 0.10 s, failed; 1 of 20 objects is not in place: no", { level: "error" }),
  line("lab: repaired “default”: packet filter: rules differ", { objectId: group }),
];
const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text.slice(0, 16));

describe("the timeline", () => {
  it("shows from a level on, of one kind of object, of one object, or with all of some words", () => {
    const shown = (filter: Partial<typeof EVERY_EVENT>) => filterEvents(LOG, { ...EVERY_EVENT, ...filter }, index).length;
    expect(shown({})).toBe(6);
    expect(shown({ level: "warn" })).toBe(2);
    expect(shown({ level: "error" })).toBe(1);
    expect(shown({ kind: "instance" })).toBe(2);
    expect(shown({ kind: "security-group" })).toBe(1);
    expect(shown({ objectId: instance, level: "warn" })).toBe(1);
    expect(shown({ text: "  ETH0  repaired" })).toBe(1);
    expect(shown({ text: "nothing like it" })).toBe(0);
  });

  it("finds lines by the name of their object", () => {
    expect(filterEvents([line("something", { objectId: instance })], { ...EVERY_EVENT, text: doc.instances[0]!.name }, index)).toHaveLength(1);
  });

  it("is grouped by apply, newest first, each with what happened since", () => {
    expect(groupByApply(LOG, new Set(LOG)).map(({ apply, lines }) => [apply?.text.slice(0, 14) ?? null, texts(lines)])).toEqual([
      ["lab revision 2", texts([LOG[5]!])],
      ["lab revision 1", texts([LOG[3]!, LOG[2]!])],
      [null, texts([LOG[0]!])],
    ]);
    const warnings = filterEvents(LOG, { ...EVERY_EVENT, level: "warn" }, index);
    expect(groupByApply(LOG, new Set(warnings)).map(({ apply, lines }) => [apply?.text.slice(0, 14) ?? null, texts(lines)]))
      .toEqual([["lab revision 2", []], ["lab revision 1", texts([LOG[2]!])]]);
  });
});
