import type { NamespaceState, PolicyRule, Route, SeenNamespace, SeenRoute, SeenRule } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import type { Step, StepAction } from "./step";

/** Routes and policy rules of one namespace. The host's are not ours and are left alone. */
export function planRouting(want: NamespaceState, have: SeenNamespace, fresh: ReadonlySet<string>): Step[] {
  if (want.name === HOST_NAMESPACE) return [];
  // Routes over these are gone by the time these steps run: the kernel drops them with the link or its last address.
  const lost = new Set([...fresh, ...unwanted(want, have), ...readdressed(want, have)]);
  const standing = have.routes.filter((route) => !(route.dev && lost.has(route.dev)));
  const at = (owner: Step["owner"], action: StepAction): Step => ({ owner, namespace: want.name, ...action });
  return [
    ...standing.filter((seen) => !want.routes.some((route) => samePlace(route, seen)))
      .map((seen) => at(want.owner, {
        action: "route-delete", type: seen.type, destination: seen.destination, table: seen.table, via: seen.via, dev: seen.dev,
      })),
    ...want.routes.filter((route) => !standing.some((seen) => sameRoute(route, seen)))
      .map((route) => at(route.owner, {
        action: "route-replace", type: route.type, destination: route.destination, table: route.table, via: route.via, dev: route.dev,
      })),
    ...have.rules.filter((seen) => !want.rules.some((rule) => sameRule(rule, seen)))
      .map((seen) => at(want.owner, { action: "rule-delete", ...ruleFields(seen) })),
    ...want.rules.filter((rule) => !have.rules.some((seen) => sameRule(rule, seen)))
      .map((rule) => at(rule.owner, { action: "rule-add", ...ruleFields(rule) })),
  ];
}

const unwanted = (want: NamespaceState, have: SeenNamespace): string[] =>
  have.links.map((seen) => seen.name).filter((name) => !want.links.some((link) => link.name === name));

/**
 * Links that lose their routes in this plan although they stay: when a link's last address goes the kernel flushes its
 * routes (fib_disable_ip), and addresses are deleted before new ones are added.
 */
function readdressed(want: NamespaceState, have: SeenNamespace): string[] {
  return have.links
    .filter((seen) => {
      const link = want.links.find((other) => other.name === seen.name);
      return link && seen.addresses.length > 0 && !seen.addresses.some((address) => link.addresses.includes(address));
    })
    .map((seen) => seen.name);
}

/** `ip route replace` replaces by destination and table (and metric, which ours do not have). */
const samePlace = (route: Route, seen: SeenRoute): boolean => route.destination === seen.destination && route.table === seen.table;

const sameRoute = (route: Route, seen: SeenRoute): boolean =>
  samePlace(route, seen) && route.type === seen.type && route.via === seen.via && route.dev === seen.dev;

const sameRule = (rule: PolicyRule, seen: SeenRule): boolean =>
  rule.priority === seen.priority && rule.iif === seen.iif && rule.table === seen.table;

const ruleFields = ({ priority, iif, table }: SeenRule) => ({ priority, iif, table });
