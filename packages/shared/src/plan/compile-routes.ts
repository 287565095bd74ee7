import type { CompileContext } from "./compile-context";
import { ownerOf } from "./compile-context";
import type { RouterView } from "./router-view";
import type { PolicyRule, Route } from "./kernel-state";

/** Kernel tables of a router namespace. Every link that packets come in by has a rule to one of them. */
export const ROUTE_TABLE = {
  /** For what enters by the gateway or a peering: the VPC's own subnets and nothing else, so nothing is transitive. */
  ownSubnets: "10",
  private: "100",
  public: "101",
  /** Blackhole default: looked up after a link's own table, so that nothing falls through to `main`. */
  end: "250",
} as const;

const PRIORITY = { table: 1000, end: 2000 } as const;

/** Routes and rules of a VPC's router: one table per kind of subnet, `local` routes in each, peerings in each. */
export function routerRouting(view: RouterView, context: CompileContext): { routes: Route[]; rules: PolicyRule[] } {
  const vpc = ownerOf(context, view.vpc.id);
  const tables = tablesInUse(view);
  const local = tables.flatMap((table) =>
    view.subnets.map(({ subnet, link }): Route => ({
      type: "unicast", destination: subnet.cidr, table, via: null, dev: link, owner: ownerOf(context, subnet.id),
    })),
  );
  const peered = tables.filter((table) => table !== ROUTE_TABLE.ownSubnets).flatMap((table) =>
    view.peerings.map(({ peering, link, peer, peerAddress }): Route => ({
      type: "unicast", destination: peer.cidr, table, via: peerAddress, dev: link, owner: ownerOf(context, peering.id),
    })),
  );
  const internet: Route[] = view.gateway && tables.includes(ROUTE_TABLE.public)
    ? [{
        type: "unicast", destination: "default", table: ROUTE_TABLE.public, via: view.gateway.hostAddress,
        dev: view.gateway.link, owner: ownerOf(context, view.gateway.object.id),
      }]
    : [];
  const end: Route = { type: "blackhole", destination: "default", table: ROUTE_TABLE.end, via: null, dev: null, owner: vpc };
  return { routes: [...local, ...peered, ...internet, end], rules: routerRules(view, context) };
}

function tablesInUse(view: RouterView): string[] {
  const tables = new Set<string>(view.subnets.map(({ subnet }) => ROUTE_TABLE[subnet.type]));
  if (view.gateway || view.peerings.length > 0) tables.add(ROUTE_TABLE.ownSubnets);
  return [...tables].sort();
}

function routerRules(view: RouterView, context: CompileContext): PolicyRule[] {
  const entries = [
    ...view.subnets.map(({ subnet, link }) => ({ iif: link, table: ROUTE_TABLE[subnet.type], objectId: subnet.id })),
    ...(view.gateway ? [{ iif: view.gateway.link, table: ROUTE_TABLE.ownSubnets, objectId: view.gateway.object.id }] : []),
    ...view.peerings.map(({ peering, link }) => ({ iif: link, table: ROUTE_TABLE.ownSubnets, objectId: peering.id })),
  ];
  return entries.flatMap(({ iif, table, objectId }) => {
    const owner = ownerOf(context, objectId);
    return [
      { priority: PRIORITY.table, iif, table, owner },
      { priority: PRIORITY.end, iif, table: ROUTE_TABLE.end, owner },
    ];
  });
}
