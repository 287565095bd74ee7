import type { KernelState, NamespaceState, Owner, SeenKernel, SeenNamespace, SeenWorkload, WorkloadProcess } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { HOST_OBJECT_ID } from "./compile-host";
import { parseMark } from "./mark";
import { planFilter } from "./plan-filter";
import { planLinks } from "./plan-links";
import { planResolvConf, removeResolvConf } from "./plan-resolv-conf";
import type { PlanScope } from "./plan-scope";
import { planRouting } from "./plan-routing";
import { configurationHash } from "./resolver-configuration";
import type { Step, StepAction } from "./step";
import { BRIDGE_FILTER, FORWARDING, RESET_BY_FORWARDING } from "./sysctls";

/**
 * The steps that take what was seen to what is wanted, in the order in which they can run: first what goes (so that names
 * and addresses are free), then namespaces and their settings, filters before links, links, routes, workloads.
 * Wanted and seen alike means no step. Objects of others are never part of a step.
 */
export function planChanges(wanted: KernelState, seen: SeenKernel, scope: PlanScope): Step[] {
  const spaces = Object.values(wanted).map((want) => ({ want, have: seen[want.name] ?? EMPTY_NAMESPACE }));
  const links = planLinks(wanted, seen, scope);
  return [
    ...spaces.flatMap(({ want, have }) => stopWorkloads(want, have)),
    // Links first: deleting a veth end is done at once, while a deleted namespace lets go of its links later.
    ...links.removals,
    ...removedNamespaces(wanted, seen, scope),
    ...spaces.flatMap(({ want }) => (seen[want.name] ? [] : addNamespace(want))),
    ...spaces.flatMap(({ want, have }) => [
      ...markNamespace(want, have), ...clearLoopback(want, have), ...(want.name === HOST_NAMESPACE ? [] : setSysctls(want, have)),
    ]),
    ...spaces.flatMap(({ want, have }) => planFilter(want, have)),
    ...links.additions,
    // The host's settings are per link, so they need the links; those of namespaces are defaults that links inherit.
    ...spaces.flatMap(({ want, have }) => (want.name === HOST_NAMESPACE ? setSysctls(want, withoutLinks(have, links.fresh(want.name))) : [])),
    ...spaces.flatMap(({ want, have }) => planRouting(want, have, links.fresh(want.name), scope)),
    ...spaces.flatMap(({ want, have }) => planResolvConf(want, have, scope)),
    ...spaces.flatMap(({ want, have }) => startWorkloads(want, have)),
  ];
}

const EMPTY_NAMESPACE: SeenNamespace = {
  name: "", mark: "", loopbackUp: false, loopbackAddresses: [], sysctls: {}, links: [], routes: [], rules: [], nft: null, foreignTables: [],
  workloads: [], resolvConf: "absent",
};

const step = (owner: Owner, namespace: string, action: StepAction): Step => ({ owner, namespace, ...action });

function removedNamespaces(wanted: KernelState, seen: SeenKernel, scope: PlanScope): Step[] {
  const gone = Object.values(seen).flatMap((have) => {
    if (wanted[have.name] || have.name === HOST_NAMESPACE) return [];
    const mark = parseMark(have.mark);
    const noted = have.mark === "" && scope.ledger?.includes(have.name);
    if (!noted && (mark?.agentId !== scope.agentId || mark.topologyId !== scope.topologyId)) return [];
    return [{ have, owner: { topologyId: scope.topologyId, objectId: mark?.objectId ?? HOST_OBJECT_ID } }];
  });
  // Namespaces one after the other: they go with one look at all processes.
  return [
    ...gone.flatMap(({ have, owner }) => removeResolvConf(owner, have, scope)),
    ...gone.map(({ have, owner }) => step(owner, have.name, { action: "netns-delete" })),
  ];
}

const addNamespace = (want: NamespaceState): Step[] =>
  want.name === HOST_NAMESPACE ? [] : [step(want.owner, want.name, { action: "netns-add" })];

function markNamespace(want: NamespaceState, have: SeenNamespace): Step[] {
  if (want.name === HOST_NAMESPACE || (have.mark === want.mark && have.loopbackUp)) return [];
  return [step(want.owner, want.name, { action: "mark", mark: want.mark })];
}

/** What somebody put on `lo` would be answered for by the namespace. */
const clearLoopback = (want: NamespaceState, have: SeenNamespace): Step[] =>
  have.loopbackAddresses.map((address) => step(want.owner, want.name, { action: "address-delete", link: "lo", address }));

function setSysctls(want: NamespaceState, have: SeenNamespace): Step[] {
  const steps: Step[] = [];
  const isForwardingSet = FORWARDING in want.sysctls && have.sysctls[FORWARDING] !== want.sysctls[FORWARDING];
  for (const key in want.sysctls) {
    const value = want.sysctls[key] ?? "";
    const isReset = isForwardingSet && RESET_BY_FORWARDING.includes(key);
    if (isReset || seenSysctl(have, key) !== value) steps.push(step(want.owner, want.name, { action: "sysctl-set", key, value }));
  }
  return steps;
}

/** A namespace that was seen has no bridge filter where the key is absent; of one that was not seen nothing is known. */
const seenSysctl = (have: SeenNamespace, key: string): string | undefined =>
  have.sysctls[key] ?? (key === BRIDGE_FILTER && have !== EMPTY_NAMESPACE ? "0" : undefined);

/** A link that is made anew starts with the kernel's defaults, whatever the old one of its name had. */
function withoutLinks(have: SeenNamespace, fresh: ReadonlySet<string>): SeenNamespace {
  const kept = Object.entries(have.sysctls).filter(([key]) => !key.split("/").some((part) => fresh.has(part)));
  return { ...have, sysctls: Object.fromEntries(kept) };
}

function stopWorkloads(want: NamespaceState, have: SeenNamespace): Step[] {
  return have.workloads
    .filter((seen) => !want.workloads.some((workload) => isSame(workload, seen)))
    .map((seen) => step(want.owner, want.name, { action: "workload-stop", pid: seen.pid, kind: seen.kind, port: seen.port }));
}

function startWorkloads(want: NamespaceState, have: SeenNamespace): Step[] {
  return want.workloads
    .filter((workload) => !have.workloads.some((seen) => isSame(workload, seen)))
    .map((workload) => step(workload.owner, want.name, { action: "workload-start", workload }));
}

/** A program that was started with another configuration is another one: it is stopped, and the wanted one started. */
const isSame = (workload: WorkloadProcess, seen: SeenWorkload): boolean =>
  workload.kind === seen.kind && workload.port === seen.port && configurationHash(workload) === seen.configurationHash;
