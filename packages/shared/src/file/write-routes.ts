import type { DrawnRoute, RouteTable, Vpc } from "../topology/topology";
import { EVERYWHERE } from "../topology/subnet-routing";
import { peersOf, PUBLIC_TABLE } from "./implied";
import { NEVER_A_TARGET } from "./reference-text";
import { byName, orNothing, type Writing } from "./writing";

/** Tables with the routes that must be written: not those that a peering brings, not a `public` one that holds nothing of its own. */
export function writeRouteTables(writing: Writing, vpc: Vpc): Readonly<Record<string, unknown>> | undefined {
  const peers = peersOf(writing.doc, vpc.id, writing.withRoutes);
  const tables = [...writing.index.routeTablesOfVpc(vpc.id)].sort(byName).flatMap((table) => {
    const routes = table.routes.filter((route) => !peers.some((peer) => peer.cidr === route.destination && peer.peeringId === route.target.id));
    if (isImplied(writing, vpc, table, routes)) return [];
    return [[table.name, Object.fromEntries(routes.map((route) => [route.destination, targetText(writing, route)]))] as const];
  });
  return orNothing(Object.fromEntries(tables));
}

function isImplied({ index }: Writing, vpc: Vpc, table: RouteTable, routes: readonly DrawnRoute[]): boolean {
  const isPublicTable = table.name === PUBLIC_TABLE && index.subnetsOfVpc(vpc.id).some((subnet) => subnet.routeTableId === table.id);
  const [only] = routes;
  if (isPublicTable) return routes.length === 1 && only?.destination === EVERYWHERE && only.target.kind === "internet-gateway";
  return table.id === vpc.mainRouteTableId && routes.length === 0;
}

function targetText({ index }: Writing, { target }: DrawnRoute): string {
  const placeOf = (owner: { readonly subnetId: string; readonly name: string } | undefined) =>
    `${index.subnetById.get(owner?.subnetId ?? "")?.name ?? ""}/${owner?.name ?? ""}`;
  switch (target.kind) {
    case "internet-gateway": return "internet-gateway";
    case "nat-gateway": return `nat-gateway ${placeOf(index.natGatewayById.get(target.id))}`;
    case "instance": return `instance ${placeOf(index.instanceById.get(target.id))}`;
    case "peering": return `peering ${index.peeringById.get(target.id)?.name ?? ""}`;
    case "gone": return target.id === NEVER_A_TARGET ? "blackhole" : `blackhole ${target.id}`;
  }
}
