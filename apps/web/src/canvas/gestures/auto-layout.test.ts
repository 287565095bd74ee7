import { describe, expect, it } from "vitest";
import { gridTopology, peeredLab, seededRandom } from "@vpclab/shared/testing/builders";
import { fullLab, named } from "@vpclab/shared/testing/full-lab";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { applyLayoutPatch } from "@vpclab/shared/topology/layout";
import { newPeering } from "@vpclab/shared/topology/new-object";
import type { Topology } from "@vpclab/shared/topology/topology";
import { autoLayout } from "./auto-layout";
import { elkPlaceBoxes } from "./elk";
import { boundsOf, tooNear } from "../scene/rect";
import { parentIdOf, sceneOf } from "../scene/scene";
import type { Scene } from "../scene/scene";

async function laidOut(document: Topology): Promise<Scene> {
  const scene = sceneOf(document, {});
  const made = await autoLayout(scene, await elkPlaceBoxes());
  if (!made.ok) throw new Error(made.reason);
  return sceneOf(document, applyLayoutPatch({}, made.layoutPatch));
}

const grid = () => gridTopology({ vpcs: 10, subnetsPerVpc: 4, instancesPerSubnet: 5 });

/** The first VPC peered with all others. */
function hub(): Topology {
  let doc = grid();
  const random = seededRandom(2);
  for (const other of doc.vpcs.slice(1)) {
    const edited = applyEdit(doc, newPeering(doc, doc.vpcs[0]!.id, other.id, random).command);
    if (!edited.ok) throw new Error(edited.error[0]!.message);
    doc = edited.value.document;
  }
  return doc;
}

describe("laying out automatically", () => {
  it.each([["two peered VPCs", peeredLab], ["one of everything", fullLab], ["10 VPCs with 200 instances", grid], ["a hub with nine spokes", hub]])("%s: nothing lies on anything else, and all stand in their containers", async (_, make) => {
    const scene = await laidOut(make());
    const siblings = new Map<string | null, string[]>();
    for (const id of scene.boxes.keys()) if (!id.startsWith("igw-")) siblings.set(parentIdOf(scene.index, id), [...(siblings.get(parentIdOf(scene.index, id)) ?? []), id]);
    for (const [containerId, ids] of siblings) {
      const rects = ids.map((id) => scene.boxes.get(id)!);
      for (const [at, rect] of rects.entries()) for (const other of rects.slice(at + 1)) expect(tooNear(rect, other, 8)).toBe(false);
      const outer = containerId === null ? null : scene.boxes.get(containerId)!;
      const inner = boundsOf(rects)!;
      if (outer) expect(inner.x + inner.width <= outer.width && inner.y + inner.height <= outer.height).toBe(true);
    }
  });

  it("puts public subnets above private ones", async () => {
    const scene = await laidOut(fullLab());
    const vpc = named(scene.document.vpcs, "vpc1").id;
    const [isPublic, isPrivate] = ["public", "private"].map((name) => scene.boxes.get(named(scene.index.subnetsOfVpc(vpc), name).id)!);
    expect(isPublic!.y + isPublic!.height).toBeLessThan(isPrivate!.y);
  });

  it("keeps subnets in the order of their names, from the left", async () => {
    const scene = await laidOut(grid());
    const row = ["s1", "s2", "s3"].map((name) => scene.boxes.get(named(scene.index.subnetsOfVpc(scene.document.vpcs[0]!.id), name).id)!);
    expect(row[0]!.x < row[1]!.x && row[1]!.x < row[2]!.x).toBe(true);
    expect(new Set(row.map(({ y }) => y)).size).toBe(1);
  });

  it.each([["a grid", grid], ["a hub with spokes", hub]])("makes %s about as wide to its height as a screen", async (_, make) => {
    const scene = await laidOut(make());
    const bounds = boundsOf(scene.document.vpcs.map(({ id }) => scene.world.get(id)!))!;
    expect(bounds.width / bounds.height).toBeGreaterThan(0.7);
    expect(bounds.width / bounds.height).toBeLessThan(3.2);
  });

  it("gives the same again for the same drawing, so that a second time changes nothing", async () => {
    const first = await laidOut(fullLab());
    const again = await autoLayout(first, await elkPlaceBoxes());
    expect(again.ok && again.layoutPatch).toEqual({});
  });

  it("of 10 VPCs and 200 instances is there within a second", async () => {
    const scene = sceneOf(hub(), {});
    const place = await elkPlaceBoxes();
    const start = performance.now();
    await autoLayout(scene, place);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
