import { cidrFrom, containsAddress, firstAddress, lastAddress } from "../net/cidr";
import type { Cidr } from "../net/cidr";
import type { RouteTable, Vpc } from "../topology/topology";
import type { NftValue } from "./kernel-state";
import { addressRange } from "./nft-rule";

const ADDRESS_MAX = 2 ** 32 - 1;

/** Addresses that a table routes to an internet gateway, as nft lists them: ascending, neighbours joined. Longest prefix wins. */
export function gatewayRanges(vpc: Vpc, table: RouteTable): NftValue[] {
  const local = cidrFrom(vpc.cidr);
  const routes = [
    { cidr: local, isGateway: false },
    ...table.routes.filter((route) => route.destination !== vpc.cidr)
      .map((route) => ({ cidr: cidrFrom(route.destination), isGateway: route.target.kind === "internet-gateway" })),
  ];
  // Prefixes nest or are disjoint: painted from the widest to the narrowest, the last one on an address is its route.
  const painted = routes.sort((a, b) => a.cidr.length - b.cidr.length);
  const edges = edgesOf(painted.map(({ cidr }) => cidr));
  const ranges: { first: number; last: number }[] = [];
  for (const [i, first] of edges.entries()) {
    const route = painted.findLast(({ cidr }) => containsAddress(cidr, first));
    if (!route?.isGateway) continue;
    const last = (edges[i + 1] ?? ADDRESS_MAX + 1) - 1;
    const before = ranges.at(-1);
    if (before && before.last + 1 === first) before.last = last;
    else ranges.push({ first, last });
  }
  return ranges.map(({ first, last }) => addressRange(first, last));
}

/** Addresses at which another route may begin, ascending. */
const edgesOf = (cidrs: readonly Cidr[]): number[] =>
  [...new Set(cidrs.flatMap((cidr) => [firstAddress(cidr), lastAddress(cidr) + 1]))].filter((edge) => edge <= ADDRESS_MAX).sort((a, b) => a - b);
