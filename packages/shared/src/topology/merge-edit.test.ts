import { describe, expect, it } from "vitest";
import { twoVpcLab } from "../testing/builders";
import { applyEdit } from "./edit";
import type { EditCommand } from "./edit-command";
import { mergeEdit } from "./merge-edit";
import type { SecurityGroupRule, Topology } from "./topology";
import { EMPTY_TOPOLOGY } from "./topology";
import { findObject } from "./topology-index";

const lab = twoVpcLab();
const group = lab.securityGroups[0]!;
const instance = lab.instances[0]!;
const subnet = lab.subnets.find(({ id }) => id === instance.subnetId)!;
const after = (doc: Topology, command: EditCommand): Topology => {
  const edited = applyEdit(doc, command);
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  return edited.value.document;
};
const rule = (id: string, port: number): SecurityGroupRule => ({ id, direction: "ingress", protocol: "tcp", ports: { from: port, to: port }, peer: { cidr: "10.0.0.0/8" }, description: "" });
const withRules = (rules: readonly SecurityGroupRule[]): EditCommand => ({ op: "update", kind: "security-group", id: group.id, set: { rules: [...rules] } });
const rename = (name: string): EditCommand => ({ op: "update", kind: "instance", id: instance.id, set: { name } });
const both = (theirs: EditCommand, mine: EditCommand, prefer: "mine" | "theirs" = "mine", origin = lab) => {
  const now = after(origin, theirs);
  const { command, collisions } = mergeEdit(origin, now, mine, prefer);
  return { document: command ? after(now, command) : now, sentences: collisions.map(({ sentence }) => sentence) };
};
const named = (doc: Topology, id: string) => findObject(doc, id)?.object.name;
const rulesOf = (doc: Topology) => doc.securityGroups.find(({ id }) => id === group.id)?.rules.map(({ id, ports }) => `${id} ${ports?.from ?? ""}`).sort();

describe("an edit beside what others did meanwhile", () => {
  it("keeps other fields of the same object", () => {
    const { document, sentences } = both({ op: "update", kind: "instance", id: instance.id, set: { webServer: { port: 8080 } } }, rename("web"));
    expect([sentences, document.instances.find(({ id }) => id === instance.id)]).toMatchObject([[], { name: "web", webServer: { port: 8080 } }]);
  });

  it("keeps other rules of the same group, and says when it is the same rule", () => {
    const origin = after(lab, withRules([rule("sgr-0000000000000001", 80), rule("sgr-0000000000000002", 81)]));
    const [one, two] = [rule("sgr-0000000000000001", 80), rule("sgr-0000000000000002", 81)];
    const added = both(withRules([one, two, rule("sgr-0000000000000003", 90)]), withRules([two, rule("sgr-0000000000000004", 91)]), "mine", origin);
    expect([added.sentences, rulesOf(added.document)]).toEqual([[], ["sgr-0000000000000002 81", "sgr-0000000000000003 90", "sgr-0000000000000004 91"]]);
    for (const [prefer, port] of [["mine", 71], ["theirs", 70]] as const) {
      const { document, sentences } = both(withRules([rule(one.id, 70), two]), withRules([rule(one.id, 71), two]), prefer, origin);
      expect([sentences.length, rulesOf(document)]).toEqual([1, [`${one.id} ${port}`, `${two.id} 81`]]);
    }
  });

  it("says when both changed the same field; the same change is none", () => {
    expect(both(rename("web"), rename("web")).sentences).toEqual([]);
    for (const [prefer, name] of [["mine", "mine"], ["theirs", "theirs"]] as const) {
      const { document, sentences } = both(rename("theirs"), rename("mine"), prefer);
      expect([sentences, named(document, instance.id)]).toEqual([[`The instance “${instance.name}” has its name changed on both sides.`], name]);
    }
  });

  it("says when one deletes what the other changes, and can bring it back", () => {
    const gone: EditCommand = { op: "delete", id: instance.id };
    expect(named(both(gone, rename("mine"), "mine").document, instance.id)).toBe("mine");
    expect(both(gone, rename("mine"), "theirs")).toMatchObject({ sentences: [`The instance “${instance.name}” was deleted meanwhile, and is changed here.`] });
    expect(named(both(rename("theirs"), gone, "theirs").document, instance.id)).toBe("theirs");
    expect(named(both(rename("theirs"), gone, "mine").document, instance.id)).toBeUndefined();
    expect(both(gone, gone).sentences).toEqual([]);
  });

  it("does not delete a subnet with what somebody has just put into it", () => {
    const fresh: EditCommand = { op: "create", kind: "instance", object: { ...instance, id: "i-00000000000000aa", name: "fresh", address: instance.address.replace(/\d+$/, "77") } };
    const { document, sentences } = both(fresh, { op: "delete", id: subnet.id }, "theirs");
    expect([sentences, named(document, "i-00000000000000aa"), named(document, subnet.id)]).toEqual([[`The subnet “${subnet.name}” is deleted here, and “fresh” in it was added or changed meanwhile.`], "fresh", subnet.name]);
  });

  it("keeps both sides' settings", () => {
    const { document } = both({ op: "settings", set: { driftRepair: "manual" } }, { op: "settings", set: { addressing: "aws" } }, "mine", EMPTY_TOPOLOGY);
    expect(document.settings).toEqual({ driftRepair: "manual", addressing: "aws" });
  });
});
