import type { Issue } from "../errors/issue";
import type { Cidr } from "../net/cidr";
import { cidrFrom, lastAddress } from "../net/cidr";
import { routeTableOf } from "./effective";
import type { RouteTable, Topology, Vpc } from "./topology";
import type { TopologyIndex } from "./topology-index";

/**
 * Instances that send packets round: a table leads to an instance whose own subnet's table leads on to an instance … and back.
 * For routes that are valid each by itself.
 */
export function routeLoops(doc: Topology, index: TopologyIndex): Issue[] {
  const position = new Map(doc.routeTables.map((table, i) => [table.id, i]));
  return doc.vpcs.flatMap((vpc) => {
    const ways = suspects(index.routeTablesOfVpc(vpc.id).map((table) => wayOf(table, vpc, index)));
    const loops = loopsAmong(ways);
    return ways.flatMap((way): Issue[] => {
      const { table } = way;
      const hop = loops.get(way);
      return hop ? [{
        severity: "error", code: "ROUTE_LOOP", path: ["routeTables", position.get(table.id) ?? 0, "routes", hop.j, "target"], objectId: table.id,
        message: `${table.routes[hop.j]?.destination ?? ""} leads to “${hop.instance}”, whose own subnet is routed back here; give that subnet another route table.`,
      }] : [];
    });
  });
}

/** Where a packet goes from a table: to an instance, and so to the table of its subnet; or (null) to where no table of ours follows. */
interface Hop {
  readonly j: number;
  readonly instance: string;
  readonly next: string;
}
interface Way {
  readonly table: RouteTable;
  readonly hops: readonly { readonly block: Cidr; readonly hop: Hop | null }[];
}

function wayOf(table: RouteTable, vpc: Vpc, index: TopologyIndex): Way {
  const drawn = table.routes.map(({ destination, target }, j) => {
    const instance = target.kind === "instance" ? index.instanceById.get(target.id) : undefined;
    const subnet = instance && index.subnetById.get(instance.subnetId);
    const hop = instance && subnet ? { j, instance: instance.name, next: routeTableOf(index, subnet).id } : null;
    return { block: cidrFrom(destination), hop };
  });
  return { table, hops: [...drawn, { block: cidrFrom(vpc.cidr), hop: null }] };
}

/** The tables that some instance leads to and that lead to some instance, again and again: what is left may go round, mostly nothing. */
function suspects(ways: readonly Way[]): readonly Way[] {
  const known = new Set(ways.map((way) => way.table.id));
  const entered = new Set(ways.flatMap((way) => way.hops.flatMap(({ hop }) => (hop ? [hop.next] : []))));
  const left = ways.filter((way) => entered.has(way.table.id) && way.hops.some(({ hop }) => hop && known.has(hop.next)));
  return left.length === ways.length ? left : suspects(left);
}

/**
 * Tables that are part of a loop, each with the hop that it takes in it. One sweep over the address space: blocks nest, so the
 * ones that cover an address are a stack per table, and a loop can only come about where the top of one of its stacks changes.
 */
function loopsAmong(ways: readonly Way[]): Map<Way, Hop> {
  const byTable = new Map(ways.map((way) => [way.table.id, way]));
  const covering = new Map<Way, (Hop | null)[]>(ways.map((way) => [way, []]));
  const hopOf = (way: Way): Hop | null => covering.get(way)?.at(-1) ?? null;
  const next = (way: Way): Way | undefined => byTable.get(hopOf(way)?.next ?? "");
  const loops = new Map<Way, Hop>();
  for (const changes of sweep(ways)) {
    for (const { way, hop, begins } of changes) {
      if (begins) covering.get(way)?.push(hop);
      else covering.get(way)?.pop();
    }
    for (const { way } of changes) {
      let at = next(way);
      for (let hops = 1; at && at !== way && hops < ways.length; hops++) at = next(at);
      if (at !== way) continue;
      // Round once more, to say it of each.
      do {
        const hop = hopOf(at);
        if (hop && !loops.has(at)) loops.set(at, hop);
        at = next(at) ?? way;
      } while (at !== way);
    }
  }
  return loops;
}

interface Change {
  readonly way: Way;
  readonly hop: Hop | null;
  readonly begins: boolean;
}

/** What begins and ends, address by address: ends before beginnings, inner blocks inside outer ones. */
function* sweep(ways: readonly Way[]): Generator<Change[]> {
  const events = ways.flatMap((way) => way.hops.flatMap(({ block, hop }) => [
    { address: block.base, order: block.length, change: { way, hop, begins: true } },
    { address: lastAddress(block) + 1, order: -block.length - 1, change: { way, hop, begins: false } },
  ]));
  events.sort((a, b) => a.address - b.address || a.order - b.order);
  for (let from = 0; from < events.length;) {
    const address = events[from]?.address;
    let to = from;
    while (events[to]?.address === address) to++;
    yield events.slice(from, to).map((event) => event.change);
    from = to;
  }
}
