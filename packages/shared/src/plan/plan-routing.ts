import type { NamespaceState, PolicyRule, Route, SeenLink, SeenNamespace, SeenRoute, SeenRule } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { parseMark } from "./mark";
import type { PlanScope } from "./plan-scope";
import type { Step } from "./step";

/** Routes and policy rules of one namespace. Of the host's only routes of ours are seen, and only this topology's are touched. */
export function planRouting(want: NamespaceState, have: SeenNamespace, fresh: ReadonlySet<string>, scope: PlanScope): Step[] {
  const isMine = want.name === HOST_NAMESPACE ? ofTopology(scope) : () => true;
  const mine = have.links.filter(isMine);
  // Routes over these are gone by the time these steps run: the kernel drops them with the link or its last address.
  const lost = new Set([...fresh, ...unwantedLinks(want, mine), ...readdressed(want, have)]);
  const routes = want.name === HOST_NAMESPACE ? overLinks(have.routes, mine) : have.routes;
  const standing = routes.filter((route) => !(route.dev && lost.has(route.dev)));
  return [...planRoutes(want, standing), ...planRules(want, have)];
}

/** A place that several routes hold (by metrics that ours do not have) is freed of all but the wanted one. */
function planRoutes(want: NamespaceState, standing: readonly SeenRoute[]): Step[] {
  const wanted = new Map(want.routes.map((route) => [placeOf(route), route]));
  const settled = new Set<string>();
  for (const seen of standing) if (sameRoute(wanted.get(placeOf(seen)), seen)) settled.add(placeOf(seen));
  const isLeft = (seen: SeenRoute): boolean =>
    !wanted.has(placeOf(seen)) || (settled.has(placeOf(seen)) && !sameRoute(wanted.get(placeOf(seen)), seen));
  return [
    ...standing.filter(isLeft).map((seen): Step =>
      ({ owner: want.owner, namespace: want.name, action: "route-delete", type: seen.type, ...routeFields(seen) })),
    ...want.routes.filter((route) => !settled.has(placeOf(route))).map((route): Step =>
      ({ owner: route.owner, namespace: want.name, action: "route-replace", type: route.type, ...routeFields(route) })),
  ];
}

function planRules(want: NamespaceState, have: SeenNamespace): Step[] {
  const standing = new Set(have.rules.map(ruleKey));
  const wanted = new Set(want.rules.map(ruleKey));
  return [
    ...have.rules.filter((seen) => !wanted.has(ruleKey(seen)))
      .map((seen): Step => ({ owner: want.owner, namespace: want.name, action: "rule-delete", ...ruleFields(seen) })),
    ...want.rules.filter((rule) => !standing.has(ruleKey(rule)))
      .map((rule): Step => ({ owner: rule.owner, namespace: want.name, action: "rule-add", ...ruleFields(rule) })),
  ];
}

function ofTopology(scope: PlanScope): (link: SeenLink) => boolean {
  return ({ alias }) => {
    const mark = parseMark(alias);
    return mark?.agentId === scope.agentId && mark.topologyId === scope.topologyId;
  };
}

function overLinks(routes: readonly SeenRoute[], links: readonly SeenLink[]): SeenRoute[] {
  const names = new Set(links.map((link) => link.name));
  return routes.filter(({ dev }) => dev !== null && names.has(dev));
}

function unwantedLinks(want: NamespaceState, links: readonly SeenLink[]): string[] {
  const names = new Set(want.links.map((link) => link.name));
  return links.map((seen) => seen.name).filter((name) => !names.has(name));
}

/**
 * Links that lose their routes in this plan although they stay: when a link's last address goes the kernel flushes its
 * routes (fib_disable_ip), and addresses are deleted before new ones are added.
 */
function readdressed(want: NamespaceState, have: SeenNamespace): string[] {
  const links = new Map(want.links.map((link) => [link.name, link]));
  return have.links
    .filter((seen) => {
      const link = links.get(seen.name);
      return link && seen.addresses.length > 0 && !seen.addresses.some((address) => link.addresses.includes(address));
    })
    .map((seen) => seen.name);
}

/** `ip route replace` replaces by destination and table (and metric, which ours do not have). */
const placeOf = (route: SeenRoute): string => `${route.table} ${route.destination}`;

const sameRoute = (route: Route | undefined, seen: SeenRoute): boolean =>
  route !== undefined && route.type === seen.type && route.via === seen.via && route.dev === seen.dev && route.protocol === seen.protocol;

const routeFields = ({ destination, table, via, dev, protocol }: SeenRoute) => ({ destination, table, via, dev, protocol });

const ruleKey = ({ priority, iif, table }: SeenRule | PolicyRule): string => `${priority} ${iif} ${table}`;

const ruleFields = ({ priority, iif, table }: SeenRule) => ({ priority, iif, table });
