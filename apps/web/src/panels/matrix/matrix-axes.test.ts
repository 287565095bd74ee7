import { describe, expect, it } from "vitest";
import { explainReachability } from "@vpclab/shared/analysis/reachability";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { flowOf } from "../dock/probe-question";
import { groupsOf, INSTANCES_MAX, intendedOf, MATRIX_KINDS, questionOf, shownEnds } from "./matrix-axes";

const LAB = twoVpcLab();
const groups = groupsOf(LAB, indexTopology(LAB));
const HOST = { publicPool: true };

/** The lab with many more instances in its first subnet. */
function crowded(count: number): Topology {
  const first = LAB.instances[0]!;
  const more = Array.from({ length: count }, (_, at) => ({ ...first, id: `i-${String(at).padStart(8, "0")}`, name: `i${at}`, address: `10.0.1.${at + 10}`, webServer: null }));
  return { ...LAB, instances: [...LAB.instances, ...more] };
}

describe("rows and columns", () => {
  it("are all instances by subnet, and the internet last", () => {
    const { ends, leftOut, notChosen } = shownEnds(groups, null);
    expect(ends).toHaveLength(LAB.instances.length + 1);
    expect(ends.at(-1)).toMatchObject({ id: "internet", address: null });
    expect([leftOut, notChosen]).toEqual([0, 0]);
  });

  it("of a large topology are bounded, and say how many have no room", () => {
    const doc = crowded(200);
    const { ends, leftOut } = shownEnds(groupsOf(doc, indexTopology(doc)), null);
    expect(ends).toHaveLength(INSTANCES_MAX + 1);
    expect(leftOut).toBe(doc.instances.length - INSTANCES_MAX);
  });

  it("of chosen subnets leave the others out, and say how many", () => {
    const { ends, notChosen } = shownEnds(groups, new Set([groups[0]!.subnetId]));
    expect(ends.map(({ group }) => group)).toEqual([...groups[0]!.ends.map(() => groups[0]!.name), ""]);
    expect(notChosen).toBe(LAB.instances.length - groups[0]!.ends.length);
  });
});

describe("what a cell promises", () => {
  const { ends } = shownEnds(groups, null);

  it.each(MATRIX_KINDS)("by %s is what the analysis says of its own question", (kind) => {
    const intended = intendedOf(LAB, HOST, ends, kind, 8080);
    let asked = 0;
    for (const from of ends) {
      for (const to of ends) {
        const question = questionOf(from, to, kind, 8080);
        const promised = intended.get(`${from.id} ${to.id}`);
        if (!question) {
          if (from.id === to.id || kind === "listens") expect(promised).toBeUndefined();
          continue;
        }
        asked += 1;
        expect(promised).toBe(explainReachability(LAB, flowOf(question), HOST).reachable);
      }
    }
    expect(asked).toBeGreaterThan(0);
  });

  it("asks each target at the port where it is drawn to listen, and nobody else", () => {
    const web = ends.find(({ listens, address }) => listens !== null && address !== null)!;
    const silent = ends.find(({ listens }) => listens === null)!;
    expect(questionOf(silent, web, "listens", null)).toMatchObject({ kind: "tcp", port: web.listens });
    expect(questionOf(web, silent, "listens", null)).toBeNull();
    expect(questionOf(web, silent, "tcp", null)).toBeNull();
  });
});
