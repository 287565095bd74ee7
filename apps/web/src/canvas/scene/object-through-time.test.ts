import { describe, expect, it } from "vitest";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Topology } from "@vpclab/shared/topology/topology";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { objectThroughTime } from "./object-through-time";

const before = twoVpcLab();
const edited = (document: Topology, command: EditCommand): Topology => {
  const done = applyEdit(document, command);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value.document;
};
const vpc = before.vpcs.find(({ name }) => name === "vpc1")!;
const renamed = edited(before, { op: "update", kind: "vpc", id: vpc.id, set: { name: "shop" } });
const gone = edited(before, { op: "delete", id: before.instances[0]!.id });

describe("an object at an earlier revision", () => {
  it("is what it was then, with what differs since", () => {
    const found = objectThroughTime(before, renamed, true, vpc.id);
    expect(found).toMatchObject({ object: { name: "vpc1" }, document: before, isThere: true, isInOther: true });
    expect(found?.difference?.fields).toEqual([{ field: "name", before: "vpc1", after: "shop" }]);
  });

  it("tells differences from the earlier to the later, whichever is shown", () => {
    expect(objectThroughTime(renamed, before, false, vpc.id)?.difference?.fields).toEqual([{ field: "name", before: "vpc1", after: "shop" }]);
  });

  it("is there although it no longer exists", () => {
    const { id } = before.instances[0]!;
    expect(objectThroughTime(before, gone, true, id)).toMatchObject({ object: { id }, isThere: true, isInOther: false, difference: null });
  });

  it("is told as it became where it was not there yet", () => {
    const { id } = before.instances[0]!;
    expect(objectThroughTime(gone, before, true, id)).toMatchObject({ object: { id }, document: before, isThere: false, isInOther: true });
    expect(objectThroughTime(gone, gone, true, id)).toBeNull();
  });

  it("differs in nothing where nothing was changed", () => expect(objectThroughTime(before, renamed, true, before.subnets[0]!.id)?.difference).toBeNull());
});
