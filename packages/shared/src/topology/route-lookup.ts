import { cidrFrom, containsAddress } from "../net/cidr";
import type { DrawnRoute, RouteTable, Vpc } from "./topology";

export type RouteLookup = { readonly kind: "local" } | { readonly kind: "route"; readonly route: DrawnRoute };

/**
 * Which route of a table a packet to `address` (unsigned 32-bit, net/cidr.ts) takes: the longest prefix wins. `local` is the
 * VPC's own CIDR, in every table; a drawn route wins over it where it is more specific. null: no route, so it is dropped.
 * A route to a target that carries nothing (`gone`, a peering that is not active) wins all the same: it is a blackhole.
 */
export function lookUpRoute(vpc: Vpc, table: RouteTable, address: number): RouteLookup | null {
  const local = cidrFrom(vpc.cidr);
  let best: RouteLookup | null = containsAddress(local, address) ? { kind: "local" } : null;
  let bestLength = best ? local.length : -1;
  for (const route of table.routes) {
    const destination = cidrFrom(route.destination);
    if (destination.length <= bestLength || !containsAddress(destination, address)) continue;
    best = { kind: "route", route };
    bestLength = destination.length;
  }
  return best;
}
