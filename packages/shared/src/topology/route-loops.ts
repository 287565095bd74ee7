import type { Issue } from "../errors/issue";
import { cidrFrom, lastAddress } from "../net/cidr";
import { routeTableOf } from "./effective";
import { lookUpRoute } from "./route-lookup";
import type { Instance, RouteTable, Topology, Vpc } from "./topology";
import type { TopologyIndex } from "./topology-index";

/**
 * Instances that send packets round: a table leads to an instance whose own subnet's table leads on to an instance … and back.
 * Which route an address takes changes only where a destination begins or ends, so those addresses stand for all. For routes
 * that are valid each by itself.
 */
export function routeLoops(doc: Topology, index: TopologyIndex): Issue[] {
  const position = new Map(doc.routeTables.map((table, i) => [table.id, i]));
  return doc.vpcs.flatMap((vpc) => {
    const tables = index.routeTablesOfVpc(vpc.id);
    // Only tables from which instances lead back to themselves can be part of a loop: mostly there are none.
    const suspects = tables.filter((table) => reaches(table, table, index));
    return suspects.flatMap((table): Issue[] => {
      const found = loopFrom(table, vpc, suspects, index);
      if (!found) return [];
      const { j, instance } = found;
      return [{
        severity: "error", code: "ROUTE_LOOP", path: ["routeTables", position.get(table.id) ?? 0, "routes", j, "target"], objectId: table.id,
        message: `${table.routes[j]?.destination ?? ""} leads to “${instance.name}”, whose own subnet is routed back here; give that subnet another route table.`,
      }];
    });
  });
}

/** The tables that a table's packets meet next, behind an instance that they are sent to. */
const nextTables = (table: RouteTable, index: TopologyIndex): RouteTable[] => table.routes.flatMap((route) => {
  const instance = route.target.kind === "instance" ? index.instanceById.get(route.target.id) : undefined;
  return instance ? behind(instance, index) : [];
});

function behind(instance: Instance, index: TopologyIndex): RouteTable[] {
  const subnet = index.subnetById.get(instance.subnetId);
  return subnet ? [routeTableOf(index, subnet)] : [];
}

function reaches(from: RouteTable, to: RouteTable, index: TopologyIndex): boolean {
  const seen = new Set<string>();
  const open = nextTables(from, index);
  for (let table = open.pop(); table; table = open.pop()) {
    if (table.id === to.id) return true;
    if (seen.has(table.id)) continue;
    seen.add(table.id);
    open.push(...nextTables(table, index));
  }
  return false;
}

/** A route of the table that some address goes round by, or null. */
function loopFrom(table: RouteTable, vpc: Vpc, suspects: readonly RouteTable[], index: TopologyIndex): { j: number; instance: Instance } | null {
  const blocks = suspects.flatMap((suspect) => suspect.routes.map((route) => cidrFrom(route.destination)));
  const addresses = new Set(blocks.flatMap((block) => [block.base, lastAddress(block) + 1]).filter((address) => address < 2 ** 32));
  for (const address of addresses) {
    const first = hop(table, vpc, address, index);
    let current = first;
    for (let hops = 0; current && hops <= suspects.length; hops++) {
      if (first && current.table.id === table.id) return { j: table.routes.indexOf(first.route), instance: first.instance };
      current = hop(current.table, vpc, address, index);
    }
  }
  return null;
}

function hop(table: RouteTable, vpc: Vpc, address: number, index: TopologyIndex) {
  const found = lookUpRoute(vpc, table, address);
  if (found?.kind !== "route" || found.route.target.kind !== "instance") return null;
  const instance = index.instanceById.get(found.route.target.id);
  const [next] = instance ? behind(instance, index) : [];
  return instance && next ? { route: found.route, instance, table: next } : null;
}
