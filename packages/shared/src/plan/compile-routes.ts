import { cidrFrom, containsCidr } from "../net/cidr";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { DrawnRoute, RouteTable } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { linkName, ownerOf } from "./compile-context";
import type { HostAccess } from "./host-access";
import type { PolicyRule, Route } from "./kernel-state";
import { ROUTE_PROTOCOL } from "./kernel-state";
import { routeTableNumbers } from "./route-table-numbers";
import type { RouterView, SubnetView } from "./router-view";

/** Kernel tables of a router namespace beside those of drawn route tables. Every link that packets come in by has a rule to one. */
export const ROUTE_TABLE = {
  /** For what enters by the gateway, a peering or from the host: the VPC's own subnets and nothing else, so nothing is transitive. */
  ownSubnets: "10",
  /** The way back to the host, where it may reach the VPC: before every subnet's own table, and part of none. */
  host: "11",
  /** Looked up first for what the router itself sends: the ways to the name servers that its resolver asks. */
  resolver: "12",
  /** Blackhole default: looked up after a link's own table, so that nothing falls through to `main`. */
  end: "250",
} as const;

const PRIORITY = { host: 900, table: 1000, end: 2000 } as const;

/** As `ip route` lists it. */
export const destinationOf = (cidr: string): string => (cidr === EVERYWHERE ? "default" : cidr.replace(/\/32$/, ""));

/** Routes and rules of a VPC's router: one kernel table per drawn route table, and a rule per link to its table. */
export function routerRouting(view: RouterView, index: TopologyIndex, context: CompileContext): { routes: Route[]; rules: PolicyRule[] } {
  const tables = index.routeTablesOfVpc(view.vpc.id);
  const numbers = routeTableNumbers(tables);
  const hasWayIn = view.gateway !== null || view.peerings.length > 0 || view.hostAccess !== null;
  const end = blackhole("default", ROUTE_TABLE.end, ownerOf(context, view.vpc.id));
  return {
    routes: [
      ...(hasWayIn ? view.subnets.map((subnet) => connected(subnet, ROUTE_TABLE.ownSubnets, context)) : []),
      ...tables.flatMap((table) => tableRoutes(table, numbers.get(table.id) ?? "", view, index, context)),
      ...(view.hostAccess ? [wayToHost(view.hostAccess, ownerOf(context, view.vpc.id))] : []),
      ...waysToUpstreams(view, ownerOf(context, view.vpc.id)),
      end,
    ],
    rules: routerRules(view, numbers, context),
  };
}

/**
 * A drawn table. The VPC's own CIDR is `local`: its subnets, and a blackhole for addresses of it that no subnet has, which
 * must never leave. A drawn route inside the VPC wins over the subnets that it covers, as it does over `local` (AWS).
 */
function tableRoutes(table: RouteTable, number: string, view: RouterView, index: TopologyIndex, context: CompileContext): Route[] {
  const local = cidrFrom(view.vpc.cidr);
  const drawn = table.routes.filter((route) => route.destination !== view.vpc.cidr);
  const inside = drawn.map((route) => cidrFrom(route.destination)).filter((cidr) => containsCidr(local, cidr));
  const subnets = view.subnets.filter(({ subnet }) => !inside.some((cidr) => containsCidr(cidr, cidrFrom(subnet.cidr))));
  const isOneSubnet = subnets.some(({ subnet }) => subnet.cidr === view.vpc.cidr);
  const owner = ownerOf(context, table.id);
  const hops = new NextHops(view, index, context);
  return [
    ...subnets.map((subnet) => connected(subnet, number, context)),
    ...(isOneSubnet ? [] : [blackhole(view.vpc.cidr, number, owner)]),
    ...drawn.map((route): Route => {
      const hop = hops.of(route);
      const destination = destinationOf(route.destination);
      if (!hop) return blackhole(destination, number, owner);
      return { type: "unicast", destination, table: number, ...hop, protocol: ROUTE_PROTOCOL.boot, owner };
    }),
  ];
}

type NextHop = Pick<Route, "via" | "dev">;

/** Where targets are. A target that carries nothing has no next hop: its route is a blackhole. */
class NextHops {
  constructor(private readonly view: RouterView, private readonly index: TopologyIndex, private readonly context: CompileContext) {}

  of({ target }: DrawnRoute): NextHop | null {
    const { gateway, peerings } = this.view;
    switch (target.kind) {
      case "internet-gateway": return gateway?.object.id === target.id ? { via: gateway.hostAddress, dev: gateway.link } : null;
      case "peering": {
        const found = peerings.find(({ peering }) => peering.id === target.id);
        return found ? { via: found.peer.address, dev: found.link } : null;
      }
      case "nat-gateway": return this.inSubnet(this.index.natGatewayById.get(target.id));
      case "instance": return this.inSubnet(this.index.instanceById.get(target.id));
      case "gone": return null;
    }
  }

  private inSubnet(target: { subnetId: string; address: string } | undefined): NextHop | null {
    if (!target || this.index.subnetById.get(target.subnetId)?.vpcId !== this.view.vpc.id) return null;
    return { via: target.address, dev: linkName(this.context, "bridge", target.subnetId) };
  }
}

const connected = ({ subnet, link }: SubnetView, table: string, context: CompileContext): Route => ({
  type: "unicast", destination: subnet.cidr, table, via: null, dev: link, protocol: ROUTE_PROTOCOL.boot, owner: ownerOf(context, subnet.id),
});

const wayToHost = ({ hostAddress, link }: HostAccess, owner: Route["owner"]): Route =>
  ({ type: "unicast", destination: hostAddress, table: ROUTE_TABLE.host, via: null, dev: link, protocol: ROUTE_PROTOCOL.boot, owner });

/** The router itself knows no way to the internet but these. */
function waysToUpstreams({ gateway, resolver }: RouterView, owner: Route["owner"]): Route[] {
  return gateway === null ? [] : (resolver?.upstreams ?? []).map((destination) => ({
    type: "unicast", destination, table: ROUTE_TABLE.resolver, via: gateway.hostAddress, dev: gateway.link, protocol: ROUTE_PROTOCOL.boot, owner,
  }));
}

const blackhole = (destination: string, table: string, owner: Route["owner"]): Route =>
  ({ type: "blackhole", destination, table, via: null, dev: null, protocol: ROUTE_PROTOCOL.boot, owner });

function routerRules(view: RouterView, numbers: ReadonlyMap<string, string>, context: CompileContext): PolicyRule[] {
  const entries = [
    ...view.subnets.map(({ subnet, link, table }) => ({ iif: link, table: numbers.get(table.id) ?? "", objectId: subnet.id })),
    ...(view.gateway ? [{ iif: view.gateway.link, table: ROUTE_TABLE.ownSubnets, objectId: view.gateway.object.id }] : []),
    ...view.peerings.map(({ peering, link }) => ({ iif: link, table: ROUTE_TABLE.ownSubnets, objectId: peering.id })),
    ...(view.hostAccess ? [{ iif: view.hostAccess.link, table: ROUTE_TABLE.ownSubnets, objectId: view.vpc.id }] : []),
  ];
  const toHost = view.hostAccess ? view.subnets.map(({ link }) =>
    ({ priority: PRIORITY.host, iif: link, table: ROUTE_TABLE.host, owner: ownerOf(context, view.vpc.id) })) : [];
  const owner = ownerOf(context, view.vpc.id);
  const asking = view.resolver && view.resolver.upstreams.length > 0 ? [{ priority: PRIORITY.table, iif: "lo", table: ROUTE_TABLE.resolver, owner }] : [];
  return [...toHost, ...asking, ...entries.flatMap(({ iif, table, objectId }) => {
    const owner = ownerOf(context, objectId);
    return [
      { priority: PRIORITY.table, iif, table, owner },
      { priority: PRIORITY.end, iif, table: ROUTE_TABLE.end, owner },
    ];
  })];
}
