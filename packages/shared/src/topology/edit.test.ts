import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { peeredLab, seededRandom, twoVpcLab } from "../testing/builders";
import { randomCommand } from "../testing/random-edit";
import { randomTopology } from "../testing/random-topology";
import { isError } from "../errors/issue";
import { applyEdit, applyEdits } from "./edit";
import { EditCommandSchema } from "./edit-command";
import { withDependents } from "./edit-remove";
import { moveInstance, newInstance, newSubnet, newVpc } from "./new-object";
import type { Topology } from "./topology";
import { EMPTY_TOPOLOGY } from "./topology";
import { validateTopology } from "./validate";

const mustEdit = (doc: Topology, ...args: Parameters<typeof applyEdit> extends [unknown, ...infer R] ? R : never) => {
  const edited = applyEdit(doc, ...args);
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  return edited.value;
};

describe("edits", () => {
  it("over random walks: the document stays valid, the inverse restores it exactly, the command survives the wire", () => {
    fc.assert(fc.property(fc.integer(), fc.boolean(), fc.array(fc.integer(), { minLength: 1, maxLength: 25 }), (seed, empty, choices) => {
      const random = seededRandom(seed);
      let doc: Topology = empty ? EMPTY_TOPOLOGY : randomTopology(random);
      for (const choice of choices) {
        const command = randomCommand(doc, choice, random);
        const received = EditCommandSchema.parse(JSON.parse(JSON.stringify(command)));
        const before = JSON.stringify(doc);
        const edited = applyEdit(doc, received);
        expect(JSON.stringify(doc)).toBe(before);
        if (!edited.ok) continue;
        expect(validateTopology(edited.value.document).filter(isError)).toEqual([]);
        const back = mustEdit(edited.value.document, EditCommandSchema.parse(JSON.parse(JSON.stringify(edited.value.inverse))));
        expect(JSON.stringify(back.document)).toBe(before);
        expect(JSON.stringify(mustEdit(back.document, back.inverse).document)).toBe(JSON.stringify(edited.value.document));
        doc = edited.value.document;
      }
    }), { numRuns: 40 });
  });

  it("a batch is accepted or refused as a whole", () => {
    const [vpc] = twoVpcLab().vpcs;
    const refused = applyEdit(twoVpcLab(), {
      op: "batch",
      commands: [
        { op: "update", kind: "vpc", id: vpc?.id ?? "", set: { name: "fine" } },
        { op: "update", kind: "vpc", id: vpc?.id ?? "", set: { cidr: "10.0.0.1/16" } },
      ],
    });
    expect(refused.ok).toBe(false);
  });

  it("deleting a VPC takes its subnets, instances, gateway and peerings along, and undo brings all back", () => {
    const lab = peeredLab();
    const vpc = lab.vpcs[0];
    expect(withDependents(lab, vpc?.id ?? "").size).toBeGreaterThan(4);
    const edited = mustEdit(lab, { op: "delete", id: vpc?.id ?? "" });
    expect(edited.document.peerings).toEqual([]);
    expect(mustEdit(edited.document, edited.inverse).document).toEqual(lab);
  });

  it("an object that is gone, or of another kind, is refused with REF_UNKNOWN", () => {
    for (const command of [
      { op: "delete", id: "vpc-ffffffffffff" },
      { op: "update", kind: "vpc", id: "vpc-ffffffffffff", set: { name: "a" } },
      { op: "update", kind: "subnet", id: twoVpcLab().vpcs[0]?.id ?? "", set: { name: "a" } },
    ] as const) {
      const refused = applyEdit(twoVpcLab(), command);
      expect(refused.ok ? "" : refused.error[0]?.code).toBe("REF_UNKNOWN");
    }
  });

  it("of several commands the first that is refused refuses them all", () => {
    const id = twoVpcLab().vpcs[0]?.id ?? "";
    const refused = applyEdits(twoVpcLab(), [
      { op: "update", kind: "vpc", id, set: { name: "fine" } },
      { op: "update", kind: "vpc", id, set: { name: "not fine" } },
    ]);
    expect(refused.ok ? [] : refused.error.map((issue) => issue.code)).toEqual(["NAME_GRAMMAR"]);
  });
});

describe("new objects need no questions", () => {
  it("drawing three VPCs with subnets gives the labs' names and ranges", () => {
    const random = seededRandom(7);
    let doc: Topology = EMPTY_TOPOLOGY;
    const add = (made: ReturnType<typeof newVpc>) => {
      if (!made.ok) throw new Error("refused");
      doc = mustEdit(doc, made.value.command).document;
      return made.value.id;
    };
    const vpc = add(newVpc(doc, random));
    add(newVpc(doc, random));
    const subnet = add(newSubnet(doc, vpc, "public", random));
    add(newSubnet(doc, vpc, "private", random));
    add(newSubnet(doc, vpc, "private", random));
    add(newInstance(doc, subnet, random));
    expect(doc.vpcs.map((v) => `${v.name} ${v.cidr}`).sort()).toEqual(["vpc1 10.0.0.0/16", "vpc2 10.1.0.0/16"]);
    expect(doc.subnets.map((s) => `${s.name} ${s.cidr}`).sort()).toEqual(["private 10.0.2.0/24", "private2 10.0.3.0/24", "public 10.0.1.0/24"]);
    expect(doc.instances.filter((i) => i.subnetId === subnet).map((i) => `${i.name} ${i.address}`).sort()).toEqual(["i1 10.0.1.3", "main 10.0.1.2"]);
  });

  it("a moved instance gets an address there, and another name where its own is taken", () => {
    const lab = twoVpcLab();
    const [from, to] = lab.subnets;
    const instance = lab.instances.find((i) => i.subnetId === from?.id);
    const command = moveInstance(lab, instance?.id ?? "", to?.id ?? "");
    if (!command.ok) throw new Error("refused");
    const moved = mustEdit(lab, command.value).document.instances.find((i) => i.id === instance?.id);
    expect(moved?.subnetId).toBe(to?.id);
    expect(moved?.name).toBe("i1");
  });

  it("a full subnet and a full VPC say so", () => {
    const random = seededRandom(3);
    const made = newVpc(EMPTY_TOPOLOGY, random);
    if (!made.ok) throw new Error("refused");
    const vpc = { id: made.value.id };
    let doc = mustEdit(EMPTY_TOPOLOGY, made.value.command).document;
    doc = mustEdit(doc, { op: "update", kind: "vpc", id: vpc.id, set: { cidr: "10.0.0.0/28" } }).document;
    const subnet = newSubnet(doc, vpc.id, "private", random);
    if (!subnet.ok) throw new Error("refused");
    doc = mustEdit(doc, subnet.value.command).document;
    const again = newSubnet(doc, vpc.id, "private", random);
    expect(again.ok ? "" : again.error[0]?.code).toBe("VPC_FULL");
    for (let i = 0; i < 11; i++) {
      const instance = newInstance(doc, subnet.value.id, random);
      if (!instance.ok) throw new Error(`refused at ${i}`);
      doc = mustEdit(doc, instance.value.command).document;
    }
    const full = newInstance(doc, subnet.value.id, random);
    expect(full.ok ? "" : full.error[0]?.code).toBe("SUBNET_FULL");
  });
});
