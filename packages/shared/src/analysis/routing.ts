import { lookUpRoute } from "../topology/route-lookup";
import { isActive } from "../topology/effective";
import type { DrawnRoute, InternetGateway, Peering } from "../topology/topology";
import type { DrawnInstance, DrawnNatGateway, DrawnSubnet, DrawnVpc, Drawing } from "./drawing";
import { subnetAt } from "./drawing";

/** Where a subnet's route table sends an address. */
export type RouteDecision =
  /** `subnet` null: an address of the VPC's range that no subnet has. */
  | { readonly kind: "local"; readonly subnet: DrawnSubnet | null }
  | { readonly kind: "internet-gateway"; readonly route: DrawnRoute; readonly gateway: InternetGateway }
  | { readonly kind: "interface"; readonly route: DrawnRoute; readonly target: DrawnInstance | DrawnNatGateway }
  /** `far` null: the other end lies in another topology. */
  | { readonly kind: "peering"; readonly route: DrawnRoute; readonly peering: Peering; readonly far: DrawnVpc | null }
  /** `peering`: one that is not active; null: the target is gone. */
  | { readonly kind: "blackhole"; readonly route: DrawnRoute; readonly peering: Peering | null }
  | { readonly kind: "none" };

/** What was looked up before: the same few tables and addresses are asked for over and over. */
const KNOWN = new WeakMap<DrawnSubnet, Map<number, RouteDecision>>();

export function routeFrom(drawing: Drawing, subnet: DrawnSubnet, address: number): RouteDecision {
  let byAddress = KNOWN.get(subnet);
  if (!byAddress) KNOWN.set(subnet, (byAddress = new Map()));
  let decision = byAddress.get(address);
  if (!decision) byAddress.set(address, (decision = decide(drawing, subnet, address)));
  return decision;
}

function decide(drawing: Drawing, { table, vpc }: DrawnSubnet, address: number): RouteDecision {
  const found = lookUpRoute(vpc.vpc, table, address);
  if (!found) return { kind: "none" };
  if (found.kind === "local") return { kind: "local", subnet: subnetAt(vpc, address) ?? null };
  const { route } = found;
  const { index } = drawing;
  const blackhole: RouteDecision = { kind: "blackhole", route, peering: null };
  switch (route.target.kind) {
    case "gone": return blackhole;
    case "internet-gateway": {
      const gateway = index.gatewayById.get(route.target.id);
      return gateway ? { kind: "internet-gateway", route, gateway } : blackhole;
    }
    case "nat-gateway": return toInterface(route, drawing.natGateways.get(route.target.id)) ?? blackhole;
    case "instance": return toInterface(route, drawing.instances.get(route.target.id)) ?? blackhole;
    case "peering": {
      const peering = index.peeringById.get(route.target.id);
      if (!peering) return blackhole;
      if (!isActive(peering)) return { kind: "blackhole", route, peering };
      return { kind: "peering", route, peering, far: vpc.peers.find((peer) => peer.peering === peering)?.far ?? null };
    }
  }
}

const toInterface = (route: DrawnRoute, target: DrawnInstance | DrawnNatGateway | undefined): RouteDecision | null =>
  target ? { kind: "interface", route, target } : null;
