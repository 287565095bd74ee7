import { isActive, routeTableOf } from "@vpclab/shared/topology/effective";
import type { DrawnRoute, RouteTable, RouteTarget, Subnet } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { objectName } from "./object-name";

export type RouteState = "active" | "blackhole";

/** A route whose target is gone, or a peering that carries nothing, swallows what it is sent. */
export function routeState(index: TopologyIndex, { target }: DrawnRoute): RouteState {
  if (target.kind === "gone") return "blackhole";
  if (target.kind !== "peering") return "active";
  const peering = index.peeringById.get(target.id);
  return peering && isActive(peering) ? "active" : "blackhole";
}

export const blackholesOf = (index: TopologyIndex, table: RouteTable): readonly DrawnRoute[] =>
  table.routes.filter((route) => routeState(index, route) === "blackhole");

/** Destinations that a subnet's packets vanish at, for the mark on it. */
export const blackholesOfSubnet = (index: TopologyIndex, subnet: Subnet): readonly string[] =>
  blackholesOf(index, routeTableOf(index, subnet)).map(({ destination }) => destination);

export interface NamedTarget {
  readonly target: RouteTarget;
  readonly label: string;
}

/** Everything that a route of this VPC may lead to, in the order in which people look for it. */
export function routeTargetsOf(index: TopologyIndex, vpcId: string): readonly NamedTarget[] {
  const named = (kind: RouteTarget["kind"], id: string): NamedTarget => ({ target: { kind, id }, label: targetName(index, { kind, id }) });
  const gateway = index.gatewayOfVpc(vpcId);
  const subnets = index.subnetsOfVpc(vpcId);
  return [
    ...(gateway ? [named("internet-gateway", gateway.id)] : []),
    ...subnets.flatMap(({ id }) => index.natGatewaysOfSubnet(id)).map(({ id }) => named("nat-gateway", id)),
    ...index.peeringsOfVpc(vpcId).map(({ id }) => named("peering", id)),
    ...subnets.flatMap(({ id }) => index.instancesOfSubnet(id)).map(({ id }) => named("instance", id)),
  ];
}

const KIND_WORDS: Readonly<Record<RouteTarget["kind"], string>> = {
  "internet-gateway": "", "nat-gateway": "NAT gateway ", peering: "peering ", instance: "instance ", gone: "",
};

/** `vpc1-igw`, `NAT gateway public/nat`, `peering vpc1-vpc2`, `instance private/main`. */
export function targetName(index: TopologyIndex, { kind, id }: RouteTarget): string {
  const name = objectName(index, id);
  if (kind === "gone" || name === null) return `${id} (deleted)`;
  // Its VPC is known where a route is read; its subnet tells two of the same name apart.
  const short = kind === "instance" || kind === "nat-gateway" ? name.split("/").slice(1).join("/") : name;
  return KIND_WORDS[kind] + short;
}
