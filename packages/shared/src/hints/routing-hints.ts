import { routeTableOf } from "../topology/effective";
import { routesToPeer } from "../topology/peering-access";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { DrawnRoute, NatGateway, Topology } from "../topology/topology";
import { LIMITS } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { Hint, HintFix } from "./hint";
import { plainFix } from "./hint";

/** Peerings and NAT gateways that no route leads to; routes to instances that throw away what is not theirs. */
export const routingHints = (doc: Topology, index: TopologyIndex): Hint[] => {
  const targets = new Set(doc.routeTables.flatMap(({ routes }) => routes.map(({ target }) => target.id)));
  return [...unusedPeerings(doc, index, targets), ...unusedNatGateways(doc, index, targets), ...checkedTargets(doc, targets)];
};

function unusedPeerings(doc: Topology, index: TopologyIndex, targets: ReadonlySet<string>): Hint[] {
  return doc.peerings.flatMap((peering, i): Hint[] => {
    if (peering.status !== "active" || targets.has(peering.id)) return [];
    const sides = [peering.requesterVpcId, peering.accepterVpcId].filter((vpcId) => index.vpcById.has(vpcId));
    const perSide = sides.map((vpcId) => routesToPeer(doc, peering, vpcId));
    const complete = perSide.every((commands) => commands.length > 0);
    return [{
      code: "PEER_UNUSED", objectId: peering.id, path: ["peerings", i],
      message: `No route leads to “${peering.name}”, so no packet takes it; add routes on both sides.`,
      fix: complete ? plainFix("Add the routes", { op: "batch", commands: perSide.flat() }) : null,
    }];
  });
}

function unusedNatGateways(doc: Topology, index: TopologyIndex, targets: ReadonlySet<string>): Hint[] {
  return doc.natGateways.flatMap((gateway, i): Hint[] => targets.has(gateway.id) ? [] : [{
    code: "NAT_UNUSED", objectId: gateway.id, path: ["natGateways", i],
    message: `No route leads to “${gateway.name}”, so nothing goes out by it; route 0.0.0.0/0 of the private subnets to it.`,
    fix: routeThrough(gateway, index),
  }]);
}

/** By the main table, where that leads nowhere yet and does not route the gateway itself. */
function routeThrough(gateway: NatGateway, index: TopologyIndex): HintFix | null {
  const home = index.subnetById.get(gateway.subnetId);
  const main = index.routeTableById.get(index.vpcById.get(home?.vpcId ?? "")?.mainRouteTableId ?? "");
  if (!home || !main || routeTableOf(index, home) === main || main.routes.length >= LIMITS.routesPerTable) return null;
  const served = index.subnetsOfVpc(home.vpcId).some((subnet) => routeTableOf(index, subnet) === main);
  if (!served || main.routes.some(({ destination, target }) => destination === EVERYWHERE || target.kind === "internet-gateway")) return null;
  const route: DrawnRoute = { destination: EVERYWHERE, target: { kind: "nat-gateway", id: gateway.id } };
  return plainFix(`Route “${main.name}” to it`, { op: "update", kind: "route-table", id: main.id, set: { routes: [...main.routes, route] } });
}

function checkedTargets(doc: Topology, targets: ReadonlySet<string>): Hint[] {
  return doc.instances.flatMap((instance, i): Hint[] => !instance.sourceDestCheck || !targets.has(instance.id) ? [] : [{
    code: "SOURCE_DEST_CHECK", objectId: instance.id, path: ["instances", i, "sourceDestCheck"],
    message: `Routes lead to “${instance.name}”, but its source/destination check drops what is not its own; switch the check off.`,
    fix: plainFix("Switch the check off", { op: "update", kind: "instance", id: instance.id, set: { sourceDestCheck: false } }),
  }]);
}
