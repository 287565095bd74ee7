import { compileTopology, transitObjects } from "@vpclab/shared/plan/compile";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import { describePlan, previewContext } from "@vpclab/shared/plan/describe";
import { HOST_NAMESPACE, LINK_MTU } from "@vpclab/shared/plan/kernel-state";
import type { KernelState, NamespaceState, SeenKernel, SeenNamespace } from "@vpclab/shared/plan/kernel-state";
import { planChanges } from "@vpclab/shared/plan/plan";
import { configurationHash } from "@vpclab/shared/plan/resolver-configuration";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import { allocateSlots } from "@vpclab/shared/plan/transit";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Topology } from "@vpclab/shared/topology/topology";

/** What the server remembers of the host. An address that was not given out yet is in no plan before the host gives it. */
export interface KnownOfHost extends Pick<CompileContext, "publicAddresses" | "remoteRouters"> {
  readonly publicPool: boolean;
}

/**
 * What an apply would change when nobody can look at the kernel: the document is compared with the one that was applied
 * last, as if that stood there untouched. `before` is null when nothing was applied.
 */
export function planOffline(topology: { id: string; name: string }, known: KnownOfHost, before: Topology | null, after: Topology): PlanPreview {
  const slots = slotsOf(before ?? EMPTY_TOPOLOGY, after);
  const contextOf = (doc: Topology): CompileContext => {
    const preview = previewContext(doc, topology);
    const { publicAddresses, remoteRouters, publicPool } = known;
    return { ...preview, slots, publicAddresses, remoteRouters, host: { ...preview.host, publicPool } };
  };
  const seen = before ? asSeen(compileTopology(before, contextOf(before))) : {};
  const steps = planChanges(compileTopology(after, contextOf(after)), seen, contextOf(after));
  return describePlan(steps, { topologyName: topology.name, before, after }, "last-applied");
}

/** Objects that stay keep their transit link, so that it is not shown as changed. */
function slotsOf(before: Topology, after: Topology): Readonly<Record<string, number>> {
  const old = allocateSlots({}, transitObjects(before)) ?? {};
  return allocateSlots(old, transitObjects(after)) ?? old;
}

/** A wanted state as it would be observed once it stands. */
const asSeen = (wanted: KernelState): SeenKernel =>
  Object.fromEntries(Object.values(wanted).map((namespace) => [namespace.name, seenNamespace(namespace)]));

const seenNamespace = (wanted: NamespaceState): SeenNamespace => ({
  name: wanted.name,
  mark: wanted.mark,
  loopbackUp: wanted.name !== HOST_NAMESPACE,
  loopbackAddresses: [],
  sysctls: wanted.sysctls,
  links: wanted.links.map((link) => ({
    name: link.name, kind: link.kind, mac: link.mac, alias: link.alias, up: true,
    master: link.kind === "veth" ? link.master : null, addresses: link.addresses, mtu: LINK_MTU,
  })),
  routes: wanted.routes.map(({ owner: _, ...route }) => route),
  rules: wanted.rules.map(({ owner: _, ...rule }) => rule),
  nft: wanted.nft && { counters: wanted.nft.counters, sets: wanted.nft.sets, chains: wanted.nft.chains, foreignObjects: 0 },
  foreignTables: [],
  workloads: wanted.workloads.map((workload) => ({ kind: workload.kind, port: workload.port, objectId: workload.owner.objectId, pid: 0, configurationHash: configurationHash(workload) })),
  resolvConf: wanted.name === HOST_NAMESPACE ? "closed" : wanted.resolvConf === null ? "absent" : { text: wanted.resolvConf },
});
