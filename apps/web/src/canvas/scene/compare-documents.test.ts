import { seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { describe, expect, it } from "vitest";
import { changesByVpc, compareDocuments } from "./compare-documents";
import { edgeRoutes } from "./edge-routes";
import { edgesOf, nodesOf } from "./from-topology";
import { sceneOf } from "./scene";

describe("two revisions in one drawing", () => {
  it("holds everything of the later one, and of the earlier one what is gone, and can be drawn", () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = seededRandom(seed);
      const before = randomTopology(random);
      let after = before;
      for (let n = 0; n < 12; n++) after = randomEdit(after, random).document;
      const { drawing, differences } = compareDocuments({ document: before, layout: {} }, { document: after, layout: {} });
      const ids = (document: typeof before) => new Set([...objectsOf(document)].map(({ object }) => object.id));
      expect(ids(drawing.document)).toEqual(new Set([...ids(before), ...ids(after)]));
      const removed = differences.filter(({ change }) => change === "removed").map(({ id }) => id);
      expect(new Set(removed)).toEqual(new Set([...ids(before)].filter((id) => !ids(after).has(id))));
      const scene = sceneOf(drawing.document, drawing.layout);
      expect(nodesOf(scene).length).toBeGreaterThan(0);
      expect(edgesOf(scene, edgeRoutes(scene)).length).toBeGreaterThanOrEqual(drawing.document.peerings.length);
    }
  });

  it("tells of what has no box at its VPC", () => {
    const lab = twoVpcLab();
    const [table] = lab.routeTables;
    const after = { ...lab, routeTables: lab.routeTables.map((one) => (one === table ? { ...one, name: "edge" } : one)) };
    const { drawing, differences } = compareDocuments({ document: lab, layout: {} }, { document: after, layout: {} });
    expect([...changesByVpc(drawing.document, differences, () => false)].map(([vpcId, found]) => [vpcId, found.map(({ name }) => name)])).toEqual([[table?.vpcId, ["edge"]]]);
  });
});
