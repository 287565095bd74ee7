import { routeTableOf } from "@vpclab/shared/topology/effective";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { ObjectKind, Subnet } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { byName } from "../../canvas/scene/object-name";
import { peeringEnds } from "../../canvas/scene/peering-view";

export const MAP_COLUMNS = ["VPCs", "Subnets", "Route tables", "Connections"] as const;

/** One box of the resource map. */
export interface MapBox {
  readonly id: string;
  /** Of `MAP_COLUMNS`. */
  readonly column: 0 | 1 | 2 | 3;
  readonly kind: ObjectKind;
  /** Of a subnet. */
  readonly isPublic: boolean;
  readonly name: string;
  /** A second line: the range, the number of instances, where a peering leads. */
  readonly detail: string;
}

/** From a box to one further right. */
export interface MapLink {
  readonly from: string;
  readonly to: string;
}

export interface ResourceMap {
  readonly boxes: readonly MapBox[];
  readonly links: readonly MapLink[];
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;

/**
 * One VPC as AWS's console draws it in its resource map: which subnet is routed by which table, and what that table leads to.
 * Connections that no table leads to stand there without a link: that is what one looks for.
 */
export function resourceMapOf(index: TopologyIndex, vpcId: string): ResourceMap {
  const vpc = index.vpcById.get(vpcId);
  if (!vpc) return { boxes: [], links: [] };
  const subnets = index.subnetsOfVpc(vpcId).toSorted(byName);
  const tables = index.routeTablesOfVpc(vpcId).toSorted(byName);
  const boxes = [
    box(0, "vpc", vpc, vpc.cidr),
    ...subnets.map((subnet) => ({
      ...box(1, "subnet", subnet, `${subnet.cidr}, ${count(index.instancesOfSubnet(subnet.id).length, "instance")}`), isPublic: subnetType(index, subnet) === "public",
    })),
    ...tables.map((table) => box(2, "route-table", table, count(table.routes.length, "route"))),
    ...connectionsOf(index, vpcId, subnets),
  ];
  const shown = new Set(boxes.map(({ id }) => id));
  const links = [
    ...subnets.flatMap((subnet) => [{ from: vpc.id, to: subnet.id }, { from: subnet.id, to: routeTableOf(index, subnet).id }]),
    ...tables.flatMap(({ id, routes }) => [...new Set(routes.map(({ target }) => target.id))].map((to) => ({ from: id, to }))),
  ];
  return { boxes, links: links.filter(({ to }) => shown.has(to)) };
}

function connectionsOf(index: TopologyIndex, vpcId: string, subnets: readonly Subnet[]): MapBox[] {
  const gateway = index.gatewayOfVpc(vpcId);
  return [
    ...(gateway ? [box(3, "internet-gateway", gateway, "by the host to the internet")] : []),
    ...subnets.flatMap(({ id, name }) => index.natGatewaysOfSubnet(id).map((natGateway) => box(3, "nat-gateway", natGateway, `in ${name}`))),
    ...index.peeringsOfVpc(vpcId).toSorted(byName).map((peering) => {
      const [requester, accepter] = peeringEnds(index, peering);
      return box(3, "peering", peering, `to ${(requester.vpcId === vpcId ? accepter : requester).name}`);
    }),
  ];
}

const box = (column: MapBox["column"], kind: ObjectKind, { id, name }: { readonly id: string; readonly name: string }, detail: string): MapBox =>
  ({ id, column, kind, isPublic: false, name, detail });

/** Everything that a box leads to and everything that leads to it, itself included. */
export function chainOf(links: readonly MapLink[], id: string): ReadonlySet<string> {
  const follow = (step: (at: string) => readonly string[]): Set<string> => {
    const found = new Set([id]);
    // A set hands out what is added while it is walked through.
    for (const at of found) for (const next of step(at)) found.add(next);
    return found;
  };
  return new Set([
    ...follow((at) => links.filter(({ from }) => from === at).map(({ to }) => to)),
    ...follow((at) => links.filter(({ to }) => to === at).map(({ from }) => from)),
  ]);
}
