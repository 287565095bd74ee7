import { describe, expect, it } from "vitest";
import { explainReachability } from "@vpclab/shared/analysis/reachability";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { flowOf } from "../dock/probe-question";
import { seenFromOutside } from "../../canvas/scene/seen-from-outside";
import { groupsOf, INSTANCES_MAX, intendedOf, MATRIX_KINDS, PUBLIC_MAX, questionOf, shownEnds } from "./matrix-axes";

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
  it("are all instances by subnet, then the internet and the host; public addresses are sent to only", () => {
    const { rows, columns, leftOut, notChosen } = shownEnds(groups, null);
    expect(rows).toHaveLength(LAB.instances.length + 2);
    expect(rows.slice(-2).map(({ id }) => id)).toEqual(["internet", "host"]);
    expect(columns.slice(0, rows.length)).toEqual(rows);
    expect(columns.slice(rows.length).map(({ id }) => id).sort()).toEqual(seenFromOutside(LAB, indexTopology(LAB)).map((id) => `public:${id}`).sort());
    expect([leftOut, notChosen]).toEqual([0, 0]);
  });

  it("of a large topology are bounded, and say how many have no room", () => {
    const doc = crowded(200);
    const { rows, columns, leftOut, publicLeftOut } = shownEnds(groupsOf(doc, indexTopology(doc)), null);
    expect(rows).toHaveLength(INSTANCES_MAX + 2);
    expect(columns).toHaveLength(INSTANCES_MAX + 2 + PUBLIC_MAX);
    expect(publicLeftOut).toBe(seenFromOutside(doc, indexTopology(doc)).length - PUBLIC_MAX);
    expect(leftOut).toBe(doc.instances.length - INSTANCES_MAX);
  });

  it("of chosen subnets leave the others out, and say how many", () => {
    const { rows, notChosen } = shownEnds(groups, new Set([groups[0]!.subnetId]));
    expect(rows.map(({ group }) => group)).toEqual([...groups[0]!.ends.map(() => groups[0]!.name), "", ""]);
    expect(notChosen).toBe(LAB.instances.length - groups[0]!.ends.length);
  });
});

describe("what a cell promises", () => {
  const { rows, columns } = shownEnds(groups, null);

  it.each(MATRIX_KINDS)("by %s is what the analysis says of its own question", (kind) => {
    const intended = intendedOf(LAB, HOST, { rows, columns }, kind, 8080);
    let asked = 0;
    for (const from of rows) {
      for (const to of columns) {
        const question = questionOf(from, to, kind, 8080);
        const promised = intended.get(`${from.id} ${to.id}`);
        if (!question) {
          expect(promised).toBeUndefined();
          continue;
        }
        asked += 1;
        expect(promised).toBe(explainReachability(LAB, flowOf(question), HOST).reachable);
      }
    }
    expect(asked).toBeGreaterThan(0);
  });

  it("asks each target at the port where it is drawn to listen, and nobody else", () => {
    const web = rows.find(({ listens, address }) => listens !== null && address !== null)!;
    const silent = rows.find(({ listens, address }) => listens === null && address !== null)!;
    expect(questionOf(silent, web, "listens", null)).toMatchObject({ kind: "tcp", port: web.listens });
    expect(questionOf(web, silent, "listens", null)).toBeNull();
    expect(questionOf(web, silent, "tcp", null)).toBeNull();
  });

  it("asks nothing between the host and the internet, nor the host for public addresses", () => {
    const [internet, host] = ["internet", "host"].map((id) => rows.find((end) => end.id === id)!);
    const instance = rows.find(({ address }) => address !== null)!;
    const seen = columns.find(({ end }) => "publicAddressOf" in end)!;
    for (const [from, to] of [[host, internet], [internet, host], [host, host], [host, seen]]) expect(questionOf(from!, to!, "ping", null)).toBeNull();
    for (const [from, to] of [[instance, host], [host, instance], [instance, seen], [internet, seen]]) expect(questionOf(from!, to!, "ping", null)).not.toBeNull();
  });
});
