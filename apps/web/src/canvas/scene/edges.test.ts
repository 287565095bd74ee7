import { describe, expect, it } from "vitest";
import { fragmentOf } from "@vpclab/shared/copy/fragment";
import { gridTopology, peeredLab, seededRandom } from "@vpclab/shared/testing/builders";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { newInternetGateway, newPeering } from "@vpclab/shared/topology/new-object";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { explainReachability } from "@vpclab/shared/analysis/reachability";
import { VPC_METRICS } from "./card-size";
import { deleteObjects } from "../gestures/delete-objects";
import { edgeRoutes } from "./edge-routes";
import { edgesOf, nodesOf, reconcileNodes } from "./from-topology";
import { nudge } from "../gestures/nudge";
import { pathIds, pathPoints } from "./path-points";
import type { Point, Rect } from "./rect";
import { rootBoxes } from "./roots";
import { HOST_ID, INTERNET_ID, sceneOf } from "./scene";
import type { Scene } from "./scene";

const random = seededRandom(5);

/** Nine VPCs, a gateway on each, and peerings between far ones. */
function crowded(): Scene {
  let document = gridTopology({ vpcs: 9, subnetsPerVpc: 2, instancesPerSubnet: 1 });
  const edit = (command: EditCommand) => {
    const edited = applyEdit(document, command);
    if (!edited.ok) throw new Error(edited.error[0]!.message);
    ({ document } = edited.value);
  };
  for (const vpc of document.vpcs) if (!document.internetGateways.some(({ vpcId }) => vpcId === vpc.id)) edit(newInternetGateway(document, vpc.id, random).command);
  for (const [a, b] of [[0, 8], [1, 7], [2, 6], [3, 5], [0, 1]] as const) edit(newPeering(document, document.vpcs[a]!.id, document.vpcs[b]!.id, random).command);
  return sceneOf(document, {});
}

const runsThrough = (a: Point, b: Point, box: Rect): boolean =>
  Math.min(a.x, b.x) < box.x + box.width - 1 && Math.max(a.x, b.x) > box.x + 1 && Math.min(a.y, b.y) < box.y + box.height - 1 && Math.max(a.y, b.y) > box.y + 1;

describe("edges", () => {
  const scene = crowded();
  const routes = edgeRoutes(scene);

  it("there is one for every gateway and peering", () => {
    // And the uplink.
    expect(routes.size).toBe(scene.document.internetGateways.length + scene.document.peerings.length + 1);
    expect(edgesOf(scene, routes)).toHaveLength(routes.size);
  });

  it("run straight and square, and never through a VPC", () => {
    for (const [id, points] of routes) {
      expect(points.length, id).toBeGreaterThan(1);
      points.slice(1).forEach((point, i) => {
        const before = points[i]!;
        expect(before.x === point.x || before.y === point.y, `${id} is square`).toBe(true);
        for (const vpc of scene.document.vpcs) expect(runsThrough(before, point, scene.world.get(vpc.id)!), `${id} runs through ${vpc.name}`).toBe(false);
      });
    }
  });

  it("of gateways end at the host, which alone has a way on to the internet", () => {
    const [host, internet] = [scene.world.get(HOST_ID)!, scene.world.get(INTERNET_ID)!];
    for (const { id } of scene.document.internetGateways) expect(routes.get(id)!.at(-1)!.y).toBe(host.y + host.height);
    expect(routes.get(HOST_ID)!.map(({ y }) => y)).toEqual([host.y, internet.y + internet.height]);
  });
});

describe("the host", () => {
  it("lies between the internet and every VPC, wherever an old layout has put those", () => {
    const document = peeredLab();
    for (const layout of [{}, { [document.vpcs[0]!.id]: { x: 0, y: -4000 } }, { host: { x: 7, y: 7 }, internet: { x: 7, y: 7 } }]) {
      const { world } = sceneOf(document, layout);
      const [host, internet] = [world.get(HOST_ID)!, world.get(INTERNET_ID)!];
      expect(internet.y + internet.height).toBeLessThan(host.y);
      for (const { id } of [...document.vpcs, ...document.internetGateways]) expect(host.y + host.height).toBeLessThan(world.get(id)!.y);
    }
  });

  it("can be selected, and neither moved, joined nor deleted, by itself or with others", () => {
    const scene = sceneOf(peeredLab(), {});
    expect(nodesOf(scene).find(({ id }) => id === HOST_ID)).toMatchObject({ draggable: false, deletable: false, connectable: false });
    expect(rootBoxes(scene, new Set([HOST_ID]))).toEqual([]);
    expect(deleteObjects(scene.document, new Set([HOST_ID]))).toMatchObject({ ok: false });
    const vpc = scene.document.vpcs[0]!.id;
    expect(nudge(scene, new Set([HOST_ID, vpc]), { x: 8, y: 0 })).toEqual(nudge(scene, new Set([vpc]), { x: 8, y: 0 }));
    expect(fragmentOf(scene.document, {}, new Set([HOST_ID]))).toMatchObject({ ok: false });
  });
});

describe("nodes", () => {
  it("come parents first, as React Flow needs them", () => {
    const seen = new Set<string>();
    for (const node of nodesOf(crowded())) {
      if (node.parentId) expect(seen.has(node.parentId)).toBe(true);
      seen.add(node.id);
    }
  });

  it("stay the same objects when nothing about them changed", () => {
    const scene = sceneOf(peeredLab(), {});
    const first = reconcileNodes([], nodesOf(scene), new Set());
    const renamed = { ...scene.document, vpcs: scene.document.vpcs.map((vpc) => (vpc.name === "vpc1" ? { ...vpc, name: "shop" } : vpc)) };
    const second = reconcileNodes(first, nodesOf(sceneOf(renamed, {})), new Set());
    const changed = second.filter((node, i) => node !== first[i]).map((node) => node.type);
    expect(second.filter(({ type }) => type === "internet")).toHaveLength(1);
    expect(changed).not.toContain("gateway");
    expect(second.find((node) => node.type === "vpc" && node.data.vpc.name === "shop")).toBeDefined();
    expect(second.filter((node) => first.includes(node)).length).toBeGreaterThan(0);
  });

  it("keep the place of a drag under way when the drawing changes around it", () => {
    const scene = sceneOf(peeredLab(), {});
    const id = scene.document.vpcs[0]!.id;
    const dragged = nodesOf(scene).map((node) => (node.id === id ? { ...node, dragging: true, position: { x: 777, y: 55 } } : node));
    const after = reconcileNodes(dragged, nodesOf(sceneOf({ ...scene.document, peerings: [] }, {})), new Set([id]));
    expect(after.find((node) => node.id === id)?.position).toEqual({ x: 777, y: 55 });
  });
});

describe("the way of a tested packet", () => {
  const scene = sceneOf(peeredLab(), {});
  const instance = (vpcName: string, subnetName: string) => {
    const vpc = scene.document.vpcs.find(({ name }) => name === vpcName)!;
    const subnet = scene.document.subnets.find(({ name, vpcId }) => name === subnetName && vpcId === vpc.id)!;
    return scene.document.instances.find(({ subnetId }) => subnetId === subnet.id)!.id;
  };
  const wayTo = (sourceId: string, destination: ProbeEnd) =>
    pathPoints(scene, edgeRoutes(scene), pathIds(explainReachability(scene.document, { source: { instanceId: sourceId }, destination, protocol: "icmp", port: null }, { publicPool: true }).there));

  it("leads along the peering from card to card", () => {
    const source = instance("vpc1", "public");
    const target = instance("vpc2", "public");
    const points = wayTo(source, { instanceId: target });
    const peering = edgeRoutes(scene).get(scene.document.peerings[0]!.id)!;
    expect(points).toEqual(expect.arrayContaining([...peering]));
    expect(points.at(-1)!.y).toBe(scene.world.get(target)!.y + scene.world.get(target)!.height);
  });

  it("leads up to the internet, or ends in the VPC whose router knows no way", () => {
    const internet = scene.world.get(INTERNET_ID)!;
    expect(wayTo(instance("vpc1", "public"), { internet: true }).at(-1)!.y).toBe(internet.y + internet.height);
    const vpc = scene.world.get(scene.document.vpcs.find(({ name }) => name === "vpc1")!.id)!;
    const stopped = wayTo(instance("vpc1", "private"), { internet: true }).at(-1)!;
    expect(stopped.y).toBeGreaterThan(vpc.y);
    expect(stopped.y).toBeLessThan(vpc.y + VPC_METRICS.padding.top);
  });
});
