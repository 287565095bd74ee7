import { cidrOf, containsAddress, parseAddress } from "../net/cidr";
import type { SeenLink, SeenNamespace, SeenNftTable, SeenResolvConf, SeenRoute, SeenRule } from "../plan/kernel-state";
import { HOST_NAMESPACE, LINK_MTU, ROUTE_PROTOCOL } from "../plan/kernel-state";
import { parseMark } from "../plan/mark";
import type { Step } from "../plan/step";
import { FORWARDING, RESET_BY_FORWARDING } from "../plan/sysctls";

/** One namespace of the kernel in memory, and what can be done inside it. A text is the reason why it cannot. */
interface FakeLink extends Omit<SeenLink, "addresses" | "up" | "alias" | "mac" | "master" | "mtu"> {
  mtu: number;
  addresses: string[];
  up: boolean;
  alias: string;
  mac: string;
  master: string | null;
  pair: { namespace: string; name: string } | null;
}

export interface MutableNamespace
  extends Omit<SeenNamespace, "links" | "routes" | "rules" | "sysctls" | "mark" | "loopbackUp" | "loopbackAddresses" | "nft" | "foreignTables" | "workloads" | "resolvConf"> {
  mark: string;
  loopbackUp: boolean;
  loopbackAddresses: string[];
  foreignTables: string[];
  sysctls: Record<string, string>;
  links: FakeLink[];
  routes: SeenRoute[];
  rules: SeenRule[];
  nft: SeenNftTable | null;
  workloads: { kind: string; port: number; objectId: string; pid: number; configurationHash: string }[];
  resolvConf: SeenResolvConf;
}

export const emptyNamespace = (name: string): MutableNamespace => ({
  name, mark: "", loopbackUp: false, loopbackAddresses: [], sysctls: {}, links: [], routes: [], rules: [], nft: null, foreignTables: [],
  workloads: [], resolvConf: name === HOST_NAMESPACE ? "closed" : "absent",
});

export const newLink = (name: string, kind: string, mac: string): FakeLink =>
  ({ name, kind, mac, alias: "", up: false, master: null, addresses: [], mtu: LINK_MTU, pair: null });

/** Of the host only what is ours is seen. */
export function toSeen(space: MutableNamespace): SeenNamespace {
  const isHost = space.name === HOST_NAMESPACE;
  const links = space.links.filter((link) => !isHost || parseMark(link.alias) !== null);
  return {
    ...space,
    links: links.map(({ pair: _pair, ...link }) => link),
    routes: space.routes.filter((route) => !isHost || route.protocol === ROUTE_PROTOCOL.vpclab),
    rules: isHost ? [] : space.rules,
  };
}

/** The kernel resets what depends on forwarding when forwarding changes (inet_forward_change). */
export function setSysctl(space: MutableNamespace, key: string, value: string): void {
  if (key === FORWARDING && space.sysctls[key] !== value) {
    for (const reset of RESET_BY_FORWARDING) space.sysctls[reset] = value === "1" ? "0" : "1";
  }
  space.sysctls[key] = value;
}

export function writeTable(space: MutableNamespace, table: SeenNftTable | string): string | null {
  if (typeof table === "string") return `Error: ${table}`;
  space.nft = table;
  return null;
}

export function deleteTable(space: MutableNamespace, table: string): null {
  if (table === "inet vpclab") space.nft = null;
  else removeWhere(space.foreignTables, (foreign) => foreign === table);
  return null;
}

export const hasLink = (space: MutableNamespace, name: string): boolean => space.links.some((link) => link.name === name);

export function addLink(space: MutableNamespace, link: FakeLink): string | null {
  if (hasLink(space, link.name)) return "RTNETLINK answers: File exists";
  space.links.push(link);
  return null;
}

/** A deleted link takes its routes along and frees its ports. */
export function forgetLink(space: MutableNamespace, name: string): void {
  removeWhere(space.links, (link) => link.name === name);
  removeWhere(space.routes, (route) => route.dev === name);
  for (const link of space.links) if (link.master === name) link.master = null;
}

export function setLink(space: MutableNamespace, step: Step): string | null {
  if (step.action === "address-delete" && step.link === "lo") {
    return removeWhere(space.loopbackAddresses, (address) => address === step.address) ? null : "RTNETLINK answers: Cannot assign requested address";
  }
  const name = "link" in step ? step.link : "name" in step ? step.name : "";
  const link = space.links.find((candidate) => candidate.name === name);
  if (!link) return `Cannot find device "${name}"`;
  switch (step.action) {
    case "link-alias": link.alias = step.alias; return null;
    case "link-mac": link.mac = step.mac; return null;
    case "link-mtu": link.mtu = step.mtu; return null;
    case "link-up": link.up = true; return null;
    case "link-master":
      if (step.master && !hasLink(space, step.master)) return "Error: argument is wrong: Device does not exist";
      link.master = step.master;
      return null;
    case "address-add":
      if (link.addresses.includes(step.address)) return "RTNETLINK answers: File exists";
      link.addresses.push(step.address);
      return null;
    case "address-delete":
      if (!removeWhere(link.addresses, (address) => address === step.address)) return "RTNETLINK answers: Cannot assign requested address";
      if (link.addresses.length === 0) removeWhere(space.routes, (route) => route.dev === name);
      return null;
    default: return `unknown step ${step.action}`;
  }
}

export function replaceRoute(space: MutableNamespace, step: Extract<Step, { action: "route-replace" }>): string | null {
  if (step.dev && !space.links.some((link) => link.name === step.dev && link.up)) {
    return hasLink(space, step.dev) ? "RTNETLINK answers: Network is down" : `Cannot find device "${step.dev}"`;
  }
  if (step.via !== null && !isOnLink(space, step.dev ?? "", step.via)) return "Error: Nexthop has invalid gateway.";
  const { type, destination, table, via, dev, protocol } = step;
  // The first of a place is replaced, as of several metrics the lowest is.
  const place = space.routes.findIndex((route) => route.destination === destination && route.table === table);
  space.routes.splice(place < 0 ? space.routes.length : place, place < 0 ? 0 : 1, { type, destination, table, via, dev, protocol });
  return null;
}

/** A next hop must lie in a network of its link. */
function isOnLink(space: MutableNamespace, dev: string, via: string): boolean {
  const address = parseAddress(via) ?? -1;
  return space.links.some((link) => link.name === dev && link.addresses.some((own) => {
    const [base = "", length = ""] = own.split("/");
    return containsAddress(cidrOf(parseAddress(base) ?? 0, Number(length)), address);
  }));
}

export const sameRoute = (a: SeenRoute, b: SeenRoute): boolean =>
  a.type === b.type && a.destination === b.destination && a.table === b.table && a.via === b.via && a.dev === b.dev;

export const sameRule = (a: SeenRule, b: SeenRule): boolean => a.priority === b.priority && a.iif === b.iif && a.table === b.table;

export function removeWhere<T>(items: T[], test: (item: T) => boolean): boolean {
  const kept = items.filter((item) => !test(item));
  const removed = kept.length < items.length;
  items.splice(0, items.length, ...kept);
  return removed;
}
