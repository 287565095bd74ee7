import type { SeenKernel, SeenNamespace } from "../plan/kernel-state";
import { HOST_NAMESPACE } from "../plan/kernel-state";
import type { HostNetwork, Kernel, StepFailure } from "../plan/kernel";
import { NOT_BEGUN } from "../plan/kernel";
import { configurationHash } from "../plan/resolver-configuration";
import type { Step } from "../plan/step";
import type { MutableNamespace } from "./fake-namespace";
import {
  addLink, deleteTable, emptyNamespace, forgetLink, hasLink, newLink, removeWhere, replaceRoute, sameRoute, sameRule, setLink, setSysctl, toSeen,
  writeTable,
} from "./fake-namespace";
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
  /** Called before each step; what it answers is waited for. */
  holdUp: (step: Step) => Promise<void> | null = () => null;

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

  /** Networks of somebody else on the host. */
  foreignNetworks: readonly HostNetwork[] = [];

  hostNetworks(): Promise<readonly HostNetwork[]> {
    const routes = this.namespaces.get(HOST_NAMESPACE)?.routes ?? [];
    return Promise.resolve([...this.foreignNetworks, ...routes.map(({ destination, dev, protocol }) => ({ destination, dev, protocol }))]);
  }

  async apply(steps: readonly Step[], onStart?: (objectId: string) => void, isStopped: () => boolean = () => false): Promise<readonly StepFailure[]> {
    const failures: StepFailure[] = [];
    const stopped = new Set<string>();
    for (const step of steps) {
      if (stopped.has(step.namespace)) continue;
      const holdUp = this.holdUp(step);
      if (holdUp) await holdUp;
      const reason = isStopped() ? NOT_BEGUN : this.attempt(step, onStart);
      if (reason !== null) {
        failures.push({ step, reason });
        stopped.add(step.namespace);
      }
    }
    return failures;
  }

  private attempt(step: Step, onStart?: (objectId: string) => void): string | null {
    onStart?.(step.owner.objectId);
    this.log.push(step);
    return this.sabotage(step) ?? this.run(step);
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
        space.workloads.push({
          kind: step.workload.kind, port: step.workload.port, objectId: step.workload.owner.objectId, pid: this.nextPid++,
          configurationHash: configurationHash(step.workload),
        });
        return null;
      case "workload-stop": removeWhere(space.workloads, (workload) => workload.pid === step.pid); return null;
      case "resolv-conf-write": space.resolvConf = { text: step.text }; return null;
      case "resolv-conf-delete": space.resolvConf = "absent"; return null;
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
