import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridTopology, peeredLab, seededRandom, twoVpcLab } from "../testing/builders";
import { randomEdit } from "../testing/random-edit";
import { randomTopology } from "../testing/random-topology";
import { applyEdit } from "./edit";
import { editBetween } from "./edit-between";
import type { EditCommand } from "./edit-command";
import { EditCommandSchema } from "./edit-command";
import { newId } from "./ids";
import type { Topology } from "./topology";
import { EMPTY_TOPOLOGY } from "./topology";

/** The document after the edit, by way of the wire. */
function edited(before: Topology, command: EditCommand | null): Topology {
  if (!command) return before;
  const result = applyEdit(before, EditCommandSchema.parse(JSON.parse(JSON.stringify(command))));
  if (!result.ok) throw new Error(JSON.stringify(result.error.slice(0, 3)));
  return result.value.document;
}
const expectWay = (before: Topology, after: Topology) => {
  expect(JSON.stringify(edited(before, editBetween(before, after)))).toBe(JSON.stringify(after));
};

function walk(start: Topology, steps: number, random: ReturnType<typeof seededRandom>): Topology {
  let doc = start;
  for (let n = 0; n < steps; n++) doc = randomEdit(doc, random).document;
  return doc;
}

describe("the edit between two documents", () => {
  it("leads from any to any that walks of edits apart came to, in one accepted command", () => {
    fc.assert(fc.property(fc.integer(), fc.nat(30), fc.nat(30), (seed, left, right) => {
      const random = seededRandom(seed);
      const start = randomTopology(random);
      const [a, b] = [walk(start, left, random), walk(start, right, random)];
      expectWay(a, b);
      expectWay(b, a);
    }), { numRuns: 40 });
  });

  it("leads between documents that share nothing, and from and to an empty one", () => {
    for (let seed = 0; seed < 40; seed++) {
      const [a, b] = [randomTopology(seededRandom(seed)), randomTopology(seededRandom(seed + 1000))];
      for (const [before, after] of [[a, b], [a, EMPTY_TOPOLOGY], [EMPTY_TOPOLOGY, b]] as const) expectWay(before, after);
    }
  });

  it("is null for equal documents, and one deletion for a VPC with all that is in it", () => {
    expect(editBetween(twoVpcLab(), twoVpcLab())).toBeNull();
    const lab = twoVpcLab();
    const gone = edited(lab, { op: "delete", id: lab.vpcs[0]?.id ?? "" });
    expect(editBetween(lab, gone)).toEqual({ op: "delete", id: lab.vpcs[0]?.id });
  });

  it("keeps the route for a block when another subnet takes it over", () => {
    const lab = peeredLab();
    const random = seededRandom(9);
    const subnet = lab.subnets.find((one) => lab.subnets.some((other) => other.id !== one.id && other.vpcId === one.vpcId));
    const sibling = lab.subnets.find((other) => other.id !== subnet?.id && other.vpcId === subnet?.vpcId);
    const middlebox = lab.instances.find((instance) => instance.subnetId === sibling?.id);
    if (!subnet || !middlebox) throw new Error("not the lab that was thought of");
    const routes = [{ destination: subnet.cidr, target: { kind: "instance" as const, id: middlebox.id } }];
    const before = edited(lab, { op: "batch", commands: [
      { op: "update", kind: "instance", id: middlebox.id, set: { sourceDestCheck: false } },
      { op: "create", kind: "route-table", object: { id: newId("route-table", random), vpcId: subnet.vpcId, name: "inspected", routes } },
    ] });
    const replaced = { ...subnet, id: newId("subnet", random), name: "another" };
    const after: Topology = {
      ...before,
      subnets: [...before.subnets.filter((other) => other.id !== subnet.id), replaced].sort((a, b) => (a.id < b.id ? -1 : 1)),
      instances: before.instances.filter((instance) => instance.subnetId !== subnet.id),
    };
    expectWay(before, after);
    expectWay(after, before);
  });

  it("stays a batch that travels for the largest lab", () => {
    const lab = gridTopology({ vpcs: 64, subnetsPerVpc: 4, instancesPerSubnet: 3 });
    const command = editBetween(EMPTY_TOPOLOGY, lab);
    expect(command?.op === "batch" && command.commands.length).toBeLessThanOrEqual(5000);
  });
});
