import { cidrOf, containsAddress, parseAddress } from "../net/cidr";
import type { SeenKernel, SeenLink, SeenNamespace, SeenNftTable, SeenRoute, SeenRule } from "../plan/kernel-state";
import { HOST_NAMESPACE, LINK_MTU, ROUTE_PROTOCOL } from "../plan/kernel-state";
import type { Kernel, StepFailure } from "../plan/kernel";
import { parseMark } from "../plan/mark";
import type { Step } from "../plan/step";
import { FORWARDING, RESET_BY_FORWARDING } from "../plan/sysctls";
import { changeTable, replaceTable } from "./fake-nft";

/**
 * The kernel in memory, as strict as the real one: a second add fails, a link that is not there cannot be set, a route
 * needs its link up. What it does is held to Linux by `kernel-contract.ts`, which runs on both.
 */
export class FakeKernel implements Kernel {
  private readonly namespaces = new Map<string, MutableNamespace>();
  private nextPid = 1000;
  /** Every step that was tried, for counting writes. */
  readonly log: Step[] = [];
  /** Called before each step; a string makes it fail with that reason. */
  sabotage: (step: Step) => string | null = () => null;

  constructor() {
    this.namespaces.set(HOST_NAMESPACE, emptyNamespace(HOST_NAMESPACE));
  }

  observe(names: readonly string[]): Promise<SeenKernel> {
    const seen: Record<string, SeenNamespace> = {};
    for (const name of names) {
      const space = this.namespaces.get(name);
      if (space) seen[name] = structuredClone(toSeen(space));
    }
    return Promise.resolve(seen);
  }

  apply(steps: readonly Step[], onStart?: (objectId: string) => void): Promise<readonly StepFailure[]> {
    const failures: StepFailure[] = [];
    const stopped = new Set<string>();
    for (const step of steps) {
      if (stopped.has(step.namespace)) continue;
      onStart?.(step.owner.objectId);
      this.log.push(step);
      const reason = this.sabotage(step) ?? this.run(step);
      if (reason !== null) {
        failures.push({ step, reason });
        stopped.add(step.namespace);
      }
    }
    return Promise.resolve(failures);
  }

  /** For tests that damage things by hand. */
  namespace(name: string): MutableNamespace | undefined {
    return this.namespaces.get(name);
  }

  deleteNamespace(name: string): void {
    const space = this.namespaces.get(name);
    for (const link of [...(space?.links ?? [])]) this.deleteLink(space as MutableNamespace, link.name);
    this.namespaces.delete(name);
  }

  /** Names of all namespaces but the host's. */
  names(): string[] {
    return [...this.namespaces.keys()].filter((name) => name !== HOST_NAMESPACE);
  }

  private run(step: Step): string | null {
    if (step.action === "netns-add") return this.addNamespace(step.namespace);
    const space = this.namespaces.get(step.namespace);
    if (!space) return `Cannot open network namespace "${step.namespace}": No such file or directory`;
    switch (step.action) {
      case "netns-delete": this.deleteNamespace(step.namespace); return null;
      case "mark": space.mark = step.mark; space.loopbackUp = true; return null;
      case "sysctl-set": setSysctl(space, step.key, step.value); return null;
      case "bridge-add": return addLink(space, { ...newLink(step.name, "bridge", step.mac) });
      case "veth-add": return this.addVeth(space, step);
      case "link-delete": return this.deleteLink(space, step.name);
      case "route-replace": return replaceRoute(space, step);
      case "route-delete": return removeWhere(space.routes, (route) => sameRoute(route, step)) ? null : "RTNETLINK answers: No such process";
      case "rule-add": space.rules.push({ priority: step.priority, iif: step.iif, table: step.table }); return null;
      case "rule-delete": return removeWhere(space.rules, (rule) => sameRule(rule, step)) ? null : "RTNETLINK answers: No such file or directory";
      case "nft-replace": return writeTable(space, replaceTable(step.table));
      case "nft-change": return writeTable(space, space.nft ? changeTable(space.nft, step.changes) : "No such file or directory");
      case "nft-delete": return deleteTable(space, step.table);
      case "workload-start":
        space.workloads.push({ kind: step.workload.kind, port: step.workload.port, objectId: step.workload.owner.objectId, pid: this.nextPid++ });
        return null;
      case "workload-stop": removeWhere(space.workloads, (workload) => workload.pid === step.pid); return null;
      default: return setLink(space, step);
    }
  }

  private addNamespace(name: string): string | null {
    if (this.namespaces.has(name)) return `Cannot create namespace file "/run/netns/${name}": File exists`;
    this.namespaces.set(name, emptyNamespace(name));
    return null;
  }

  private addVeth(space: MutableNamespace, step: Extract<Step, { action: "veth-add" }>): string | null {
    const peerSpace = this.namespaces.get(step.peer.namespace);
    if (!peerSpace) return `Invalid "netns" value`;
    if (hasLink(peerSpace, step.peer.name) || hasLink(space, step.name)) return "RTNETLINK answers: File exists";
    const here = newLink(step.name, "veth", step.mac);
    const there = newLink(step.peer.name, "veth", step.peer.mac);
    here.pair = { namespace: step.peer.namespace, name: step.peer.name };
    there.pair = { namespace: space.name, name: step.name };
    space.links.push(here);
    peerSpace.links.push(there);
    return null;
  }

  private deleteLink(space: MutableNamespace, name: string): string | null {
    const link = space.links.find((candidate) => candidate.name === name);
    if (!link) return `Cannot find device "${name}"`;
    forgetLink(space, name);
    const other = link.pair && this.namespaces.get(link.pair.namespace);
    if (other && link.pair) forgetLink(other, link.pair.name);
    return null;
  }
}

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
  extends Omit<SeenNamespace, "links" | "routes" | "rules" | "sysctls" | "mark" | "loopbackUp" | "loopbackAddresses" | "nft" | "foreignTables" | "workloads"> {
  mark: string;
  loopbackUp: boolean;
  loopbackAddresses: string[];
  foreignTables: string[];
  sysctls: Record<string, string>;
  links: FakeLink[];
  routes: SeenRoute[];
  rules: SeenRule[];
  nft: SeenNftTable | null;
  workloads: { kind: string; port: number; objectId: string; pid: number }[];
}

const emptyNamespace = (name: string): MutableNamespace => ({
  name, mark: "", loopbackUp: false, loopbackAddresses: [], sysctls: {}, links: [], routes: [], rules: [], nft: null, foreignTables: [],
  workloads: [],
});

const newLink = (name: string, kind: string, mac: string): FakeLink =>
  ({ name, kind, mac, alias: "", up: false, master: null, addresses: [], mtu: LINK_MTU, pair: null });

/** Of the host only what is ours is seen. */
function toSeen(space: MutableNamespace): SeenNamespace {
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
function setSysctl(space: MutableNamespace, key: string, value: string): void {
  if (key === FORWARDING && space.sysctls[key] !== value) {
    for (const reset of RESET_BY_FORWARDING) space.sysctls[reset] = value === "1" ? "0" : "1";
  }
  space.sysctls[key] = value;
}

function writeTable(space: MutableNamespace, table: SeenNftTable | string): string | null {
  if (typeof table === "string") return `Error: ${table}`;
  space.nft = table;
  return null;
}

function deleteTable(space: MutableNamespace, table: string): null {
  if (table === "inet vpclab") space.nft = null;
  else removeWhere(space.foreignTables, (foreign) => foreign === table);
  return null;
}

const hasLink = (space: MutableNamespace, name: string): boolean => space.links.some((link) => link.name === name);

function addLink(space: MutableNamespace, link: FakeLink): string | null {
  if (hasLink(space, link.name)) return "RTNETLINK answers: File exists";
  space.links.push(link);
  return null;
}

/** A deleted link takes its routes along and frees its ports. */
function forgetLink(space: MutableNamespace, name: string): void {
  removeWhere(space.links, (link) => link.name === name);
  removeWhere(space.routes, (route) => route.dev === name);
  for (const link of space.links) if (link.master === name) link.master = null;
}

function setLink(space: MutableNamespace, step: Step): string | null {
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

function replaceRoute(space: MutableNamespace, step: Extract<Step, { action: "route-replace" }>): string | null {
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

const sameRoute = (a: SeenRoute, b: SeenRoute): boolean =>
  a.type === b.type && a.destination === b.destination && a.table === b.table && a.via === b.via && a.dev === b.dev;

const sameRule = (a: SeenRule, b: SeenRule): boolean => a.priority === b.priority && a.iif === b.iif && a.table === b.table;

function removeWhere<T>(items: T[], test: (item: T) => boolean): boolean {
  const kept = items.filter((item) => !test(item));
  const removed = kept.length < items.length;
  items.splice(0, items.length, ...kept);
  return removed;
}
