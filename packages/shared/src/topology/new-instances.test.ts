import { describe, expect, it } from "vitest";
import { gridTopology, seededRandom, twoVpcLab } from "../testing/builders";
import { applyEdit } from "./edit";
import { newInstances, roomInSubnet } from "./new-instances";
import type { Topology } from "./topology";
import { indexTopology } from "./topology-index";

const random = seededRandom(3);
const subnetOf = (doc: Topology) => doc.subnets.find(({ cidr }) => cidr === "10.0.1.0/24")!;
const refusal = (doc: Topology, count: number) => {
  const made = newInstances(doc, subnetOf(doc).id, count, random);
  return made.ok ? null : made.error[0]!;
};
/** A subnet whose 10.0.1.0/28 holds .2 to .14, one of which is taken. */
const small = (): Topology => {
  const doc = twoVpcLab();
  return { ...doc, subnets: doc.subnets.map((subnet) => (subnet.id === subnetOf(doc).id ? { ...subnet, cidr: "10.0.1.0/28" } : subnet)) };
};

describe("many instances at once", () => {
  it("get the lowest free addresses and names, as one command that undo takes back", () => {
    const doc = twoVpcLab();
    const made = newInstances(doc, subnetOf(doc).id, 10, random);
    const edited = made.ok ? applyEdit(doc, made.value.command) : made;
    if (!edited.ok) throw new Error("refused");
    const cards = indexTopology(edited.value.document).instancesOfSubnet(subnetOf(doc).id);
    expect(cards.map(({ name, address }) => `${name} ${address}`).sort()).toEqual(["main 10.0.1.2", ...Array.from({ length: 10 }, (_, n) => `i${n + 1} 10.0.1.${n + 3}`)].sort());
    const back = applyEdit(edited.value.document, edited.value.inverse);
    expect(back.ok && back.value.document).toEqual(doc);
  });

  it("fill the subnet to the last address and not beyond, all or none", () => {
    const doc = small();
    const { id, cidr } = doc.subnets.find((subnet) => subnet.cidr === "10.0.1.0/28")!;
    expect(roomInSubnet(doc, id)).toBe(12);
    expect(newInstances(doc, id, 12, random).ok).toBe(true);
    const made = newInstances(doc, id, 13, random);
    expect(made.ok ? null : made.error[0]).toMatchObject({ code: "SUBNET_FULL", message: expect.stringContaining(`(${cidr}) has room for 12 more instances, not 13`) as string });
  });

  it.each([0, -1, 2.5, Number.NaN])("%d is no number of instances", (count) => {
    expect(refusal(twoVpcLab(), count)).toMatchObject({ code: "LIMIT_INSTANCES" });
  });

  it("stop at the quota of the topology", () => {
    const doc = gridTopology({ vpcs: 4, subnetsPerVpc: 1, instancesPerSubnet: 249 });
    const made = newInstances(doc, doc.subnets[0]!.id, 5, random);
    expect(made.ok ? null : made.error[0]!.message).toContain("add at most 4");
    expect(roomInSubnet(doc, doc.subnets[0]!.id)).toBe(4);
  });
});
