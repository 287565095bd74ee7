import { cidrFrom, containsCidr } from "../net/cidr";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { RouteTable, RouteTarget, Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology } from "../topology/topology-index";
import type { Adoption } from "./adoption";
import { destinationOf } from "./compile-routes";
import type { KernelState, NamespaceState, NftRule, Route, SeenKernel, SeenNamespace, SeenNftChain } from "./kernel-state";
import { routeTableNumbers } from "./route-table-numbers";
import { aclEntryName, firewallRuleName } from "./rule-names";
import { sameRules } from "./same-nft";

/** As many as a person looks at one by one. */
export const ADOPTIONS_MAX = 100;

/**
 * Which of the differences between what is wanted and what is seen an edit of `doc` would say as well; `wanted` is compiled from
 * `doc`. These are: routes of drawn tables beyond their VPC, removed, or added over a next hop that a drawn route has; and rules of
 * groups, ACLs and firewalls that are gone everywhere where they should stand.
 */
export function findAdoptions(doc: Topology, wanted: KernelState, seen: SeenKernel): Adoption[] {
  const index = indexTopology(doc);
  const pairs = Object.values(wanted).flatMap((want) => {
    const have = seen[want.name];
    return have ? [{ want, have }] : [];
  });
  return [...routeAdoptions(doc, index, pairs), ...ruleAdoptions(doc, pairs)].slice(0, ADOPTIONS_MAX);
}

interface Pair {
  readonly want: NamespaceState;
  readonly have: SeenNamespace;
}

function routeAdoptions(doc: Topology, index: TopologyIndex, pairs: readonly Pair[]): Adoption[] {
  return pairs.flatMap((pair) => {
    const vpc = index.vpcById.get(pair.want.owner.objectId);
    if (!vpc) return [];
    const tables = index.routeTablesOfVpc(vpc.id);
    const numbers = routeTableNumbers(tables);
    const targets = nextHops(tables, numbers, pair.want.routes);
    const local = cidrFrom(vpc.cidr);
    return tables.flatMap((table) => adoptionsOfTable(table, numbers.get(table.id) ?? "", pair, targets, (cidr) => containsCidr(local, cidrFrom(cidr))));
  });
}

type Hop = Pick<Route, "via" | "dev">;
const hopKey = ({ via, dev }: Hop): string => `${via} ${dev}`;

/** What a next hop stands for, as far as a drawn route of the VPC leads there. */
function nextHops(tables: readonly RouteTable[], numbers: ReadonlyMap<string, string>, routes: readonly Route[]): ReadonlyMap<string, RouteTarget> {
  const found = new Map<string, RouteTarget>();
  for (const table of tables) {
    for (const drawn of table.routes) {
      const route = routes.find((one) => one.table === numbers.get(table.id) && one.destination === destinationOf(drawn.destination));
      if (route?.type === "unicast") found.set(hopKey(route), drawn.target);
    }
  }
  return found;
}

function adoptionsOfTable(table: RouteTable, number: string, { want, have }: Pair, targets: ReadonlyMap<string, RouteTarget>, isLocal: (cidr: string) => boolean): Adoption[] {
  const standing = have.routes.filter((route) => route.table === number);
  const removed = table.routes.filter(({ destination }) => !isLocal(destination) && !standing.some((route) => route.destination === destinationOf(destination)));
  const added = standing.flatMap((route): Adoption[] => {
    if (want.routes.some((other) => other.table === number && other.destination === route.destination)) return [];
    const destination = route.destination === "default" ? EVERYWHERE : route.destination.includes("/") ? route.destination : `${route.destination}/32`;
    const target = route.type === "unicast" ? targets.get(hopKey(route)) : undefined;
    // By hand it is the router's route, not the table's: shown on the VPC.
    return target && !isLocal(destination) ? [{ kind: "route-added", objectId: table.id, shownOn: [want.owner.objectId], destination, target }] : [];
  });
  return [...removed.map(({ destination }): Adoption => ({ kind: "route-removed", objectId: table.id, shownOn: [table.id], destination })), ...added];
}

interface Missing {
  wanted: number;
  gone: number;
  readonly shownOn: Set<string>;
}

function ruleAdoptions(doc: Topology, pairs: readonly Pair[]): Adoption[] {
  const missing = new Map<string, Missing>();
  const subnetOf = new Map(doc.instances.map(({ id, subnetId }) => [id, subnetId]));
  for (const { want, have } of pairs) {
    const chains = new Map(have.nft?.chains.map((chain) => [chain.name, chain]));
    for (const chain of want.nft?.chains ?? []) {
      const gone = removedRules(chain.rules, chains.get(chain.name));
      for (const rule of chain.rules) {
        // Names of a firewall's rules are the same in every subnet.
        const place = rule.comment.startsWith("fw-") ? `${subnetOf.get(want.owner.objectId) ?? ""} ${rule.comment}` : rule.comment;
        const counted = missing.get(place) ?? { wanted: 0, gone: 0, shownOn: new Set() };
        missing.set(place, counted);
        counted.wanted += 1;
        if (!gone.has(rule)) continue;
        counted.gone += 1;
        counted.shownOn.add(want.owner.objectId);
      }
    }
  }
  return drawnRules(doc).flatMap(({ objectId, rule, key }): Adoption[] => {
    const counted = missing.get(key);
    return counted && counted.gone > 0 && counted.gone === counted.wanted ? [{ kind: "rule-removed", objectId, rule, shownOn: [...counted.shownOn] }] : [];
  });
}

const drawnRules = (doc: Topology): { objectId: string; rule: string; key: string }[] => [
  ...doc.securityGroups.flatMap(({ id, rules }) => rules.map((rule) => ({ objectId: id, rule: rule.id, key: rule.id }))),
  ...doc.networkAcls.flatMap(({ id, entries }) => entries.map(({ direction, number }) => aclEntryName(id, direction, number)).map((rule) => ({ objectId: id, rule, key: rule }))),
  ...doc.subnets.flatMap(({ id, firewall }) => (firewall?.rules ?? []).map(firewallRuleName).map((rule) => ({ objectId: id, rule, key: `${id} ${rule}` }))),
];

/** The rules that a chain lacks, where that is all that differs; otherwise none. */
function removedRules(want: readonly NftRule[], have: SeenNftChain | undefined): ReadonlySet<NftRule> {
  const gone = new Set<NftRule>();
  if (!have || have.rules.length >= want.length) return gone;
  let at = 0;
  for (const rule of want) {
    const seen = have.rules[at];
    if (seen && sameRules([rule], [seen])) at += 1;
    else gone.add(rule);
  }
  return at === have.rules.length ? gone : new Set();
}
