import { describe, expect, it } from "vitest";
import { gridTopology, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Layout } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { boxesOf, layoutPatchFor } from "./boxes";
import { GATEWAY_SIZE } from "./card-size";
import { isSized } from "../gestures/gesture";
import { tooNear } from "./rect";
import type { Rect } from "./rect";

const vpcId = (doc: Topology, name: string) => doc.vpcs.find((vpc) => vpc.name === name)!.id;
const subnetId = (doc: Topology, vpc: string, name: string) => doc.subnets.find((subnet) => subnet.vpcId === vpcId(doc, vpc) && subnet.name === name)!.id;

function parentsOf(doc: Topology): Map<string, string> {
  return new Map([...doc.subnets.map((s) => [s.id, s.vpcId] as const), ...doc.instances.map((i) => [i.id, i.subnetId] as const)]);
}

/** Every pair of siblings that touch, and every child that sticks out of its parent. */
function faults(doc: Topology, layout: Layout): string[] {
  const boxes = boxesOf(doc, layout);
  const parents = parentsOf(doc);
  const found: string[] = [];
  const drawn = [...boxes].filter(([id]) => !id.startsWith("igw-"));
  for (const [id, rect] of drawn) {
    const parent = parents.get(id);
    const outer = parent ? boxes.get(parent) : undefined;
    if (outer && (rect.x < 0 || rect.y < 0 || rect.x + rect.width > outer.width || rect.y + rect.height > outer.height)) found.push(`${id} sticks out`);
    for (const [other, otherRect] of drawn) if (id < other && parents.get(other) === parent && tooNear(rect, otherRect, 0)) found.push(`${id} touches ${other}`);
  }
  return found;
}

describe("where things stand", () => {
  it("places a drawing that nobody has laid out, without overlaps", () => {
    expect(faults(twoVpcLab(), {})).toEqual([]);
    expect(faults(gridTopology({ vpcs: 10, subnetsPerVpc: 4, instancesPerSubnet: 5 }), {})).toEqual([]);
  });

  it("puts the second VPC beside the first, and public subnets before private ones", () => {
    const doc = twoVpcLab();
    const boxes = boxesOf(doc, {});
    const [one, two] = [boxes.get(vpcId(doc, "vpc1"))!, boxes.get(vpcId(doc, "vpc2"))!];
    expect(two.x).toBeGreaterThan(one.x + one.width);
    expect(two.y).toBe(one.y);
    expect(boxes.get(subnetId(doc, "vpc1", "public"))!.x).toBeLessThan(boxes.get(subnetId(doc, "vpc1", "private"))!.x);
  });

  it("grows both levels of containers around a card at their edge", () => {
    const doc = twoVpcLab();
    const subnet = subnetId(doc, "vpc1", "public");
    const instance = doc.instances.find((candidate) => candidate.subnetId === subnet)!;
    const layout: Layout = { [instance.id]: { x: 900, y: 700 } };
    const boxes = boxesOf(doc, layout);
    expect(boxes.get(subnet)!.width).toBeGreaterThanOrEqual(900 + boxes.get(instance.id)!.width);
    expect(boxes.get(vpcId(doc, "vpc1"))!.height).toBeGreaterThan(700 + boxes.get(instance.id)!.height);
    expect(faults(doc, layout)).toEqual([]);
  });

  it("pushes overlapping boxes of a stale layout apart", () => {
    const doc = twoVpcLab();
    const layout: Layout = Object.fromEntries([...doc.vpcs, ...doc.subnets, ...doc.instances].map(({ id }) => [id, { x: 40, y: 90 }]));
    expect(faults(doc, layout)).toEqual([]);
  });

  it("keeps a size that a person gave, but never smaller than the content", () => {
    const doc = twoVpcLab();
    const vpc = vpcId(doc, "vpc2");
    expect(boxesOf(doc, { [vpc]: { x: 0, y: 0, width: 1000, height: 900 } }).get(vpc)).toMatchObject({ width: 1000, height: 900 });
    expect(boxesOf(doc, { [vpc]: { x: 0, y: 0, width: 10, height: 10 } }).get(vpc)).toMatchObject(sizeOf(boxesOf(doc, {}).get(vpc)!));
  });

  it("holds a gateway on the upper edge, wherever the layout says it is", () => {
    const doc = twoVpcLab();
    const gateway = doc.internetGateways[0]!;
    const boxes = boxesOf(doc, { [gateway.id]: { x: 99_999, y: 500 } });
    const vpc = boxes.get(gateway.vpcId)!;
    expect(boxes.get(gateway.id)!.y).toBe(-GATEWAY_SIZE.height / 2);
    expect(boxes.get(gateway.id)!.x + GATEWAY_SIZE.width).toBeLessThanOrEqual(vpc.width);
  });

  it("says the same again once its result is the layout", () => {
    const doc = gridTopology({ vpcs: 3, subnetsPerVpc: 3, instancesPerSubnet: 2 });
    const boxes = boxesOf(doc, {});
    const layout = layoutPatchFor(boxes, {}, isSized) as Layout;
    expect(boxesOf(doc, layout)).toEqual(boxes);
    expect(layoutPatchFor(boxes, layout, isSized)).toEqual({});
  });
});

const sizeOf = ({ width, height }: Rect) => ({ width, height });
