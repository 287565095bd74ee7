import { describe, expect, it } from "vitest";
import { explainReachability } from "@vpclab/shared/analysis/reachability";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { peeredLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { along } from "./along";
import { edgeRoutes } from "./edge-routes";
import { journeyOf, placesOf } from "./journey";
import { pathPoints, pathWay } from "./path-points";
import { INTERNET_ID, sceneOf } from "./scene";

const LAB = peeredLab();
const HOST = { publicPool: true };
const at = (subnet: string, vpc = "vpc1"): ProbeEnd => {
  const vpcId = LAB.vpcs.find(({ name }) => name === vpc)!.id;
  const subnetId = LAB.subnets.find((one) => one.vpcId === vpcId && one.name === subnet)!.id;
  return { instanceId: LAB.instances.find((one) => one.subnetId === subnetId)!.id };
};
const INTERNET: ProbeEnd = { internet: true };
const ask = (source: ProbeEnd, destination: ProbeEnd, doc: Topology = LAB) => explainReachability(doc, { source, destination, protocol: "icmp", port: null }, HOST);

describe("a packet's journey", () => {
  it("goes there, arrives, and comes back, by every hop of the analysis in order", () => {
    const verdict = ask(at("public"), at("private"));
    const stops = journeyOf(verdict, "reached");
    expect(stops.map(({ way }) => way)).toEqual([...verdict.there.map(() => "there"), "there", ...verdict.back.map(() => "back"), "back"]);
    expect(stops[verdict.there.length]?.words).toBe("It arrives, and is answered.");
    expect(stops.at(-1)?.words).toBe("The answer is back at the sender.");
    expect(stops.every(({ verdict: passed }) => passed === "pass")).toBe(true);
    expect(stops.some(({ words }) => words.startsWith("Routed by the route table: route"))).toBe(true);
    expect(stops.some(({ words }) => words.startsWith("Let through by its security group:"))).toBe(true);
  });

  it("says of a refusal that nothing listens there", () => {
    const words = journeyOf(ask(at("public"), at("private")), "refused").map((stop) => stop.words);
    expect(words).toContain("It arrives. Nothing listens there: the answer is a refusal.");
    expect(words.at(-1)).toBe("The refusal is back at the sender.");
  });

  it("ends where it is stopped, by what stops it", () => {
    const stops = journeyOf(ask(at("private"), INTERNET), "timeout");
    expect(stops.at(-1)?.verdict).toBe("stop");
    expect(stops.filter(({ verdict }) => verdict !== "pass")).toHaveLength(1);
    expect(stops.some(({ words }) => /arrives|is back/.test(words))).toBe(false);
  });

  it.each([["timeout", at("public"), at("private")], ["reached", at("private"), INTERNET]] as const)("does not claim to know where a packet went that did otherwise (%s)", (outcome, source, destination) => {
    const verdict = ask(source, destination);
    const stops = journeyOf(verdict, outcome);
    expect(stops.at(-1)?.verdict).toBe("unknown");
    expect(stops.some(({ way }) => way === "back")).toBe(false);
  });

  it.each([[at("public"), at("private")], [at("public"), at("public", "vpc2")], [at("public"), INTERNET], [INTERNET, at("public")], [at("private"), INTERNET]])("has a point of the lit line for each place, in its order (%o to %o)", (source, destination) => {
    const scene = sceneOf(LAB, {});
    const routes = edgeRoutes(scene, scene.world);
    const verdict = ask(source, destination);
    for (const hops of [verdict.there, verdict.back].filter((way) => way.length > 0)) {
      const { ids, placeOfHop } = placesOf(hops);
      const { points, marks } = pathWay(scene, routes, ids);
      expect(points).toEqual(pathPoints(scene, routes, ids));
      expect(marks).toHaveLength(ids.length);
      expect(marks).toEqual([...marks].sort((a, b) => a - b));
      expect(marks.at(-1)).toBe(Math.max(0, points.length - 1));
      expect(Math.max(...placeOfHop)).toBe(ids.length - 1);
      expect(hops.filter(({ objectId }) => objectId === null).length === 0 || ids.includes(INTERNET_ID)).toBe(true);
    }
  });
});

it("a point along a line is found by its length, corners included", () => {
  const line = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 30 }];
  expect([0, 0.25, 0.5, 1, 2].map((part) => along(line, part))).toEqual([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 10, y: 30 }, { x: 10, y: 30 }]);
  expect(along([{ x: 3, y: 4 }], 0.5)).toEqual({ x: 3, y: 4 });
});
