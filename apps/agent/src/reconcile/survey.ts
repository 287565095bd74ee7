import { toWireError } from "@vpclab/shared/errors/app-error";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import { forwardsForVpcs } from "@vpclab/shared/plan/compile-host-table";
import type { KernelState, SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { parseMark } from "@vpclab/shared/plan/mark";
import { planChanges } from "@vpclab/shared/plan/plan";
import { isResolvConfForeign } from "@vpclab/shared/plan/plan-resolv-conf";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { BlockedObjects } from "./blocked";
import { withoutAddress, withoutRemote } from "./blocked";
import { compileOnce } from "./compile-once";
import { leaveOut, takenNames, unmarkedOwn } from "./foreign-namespaces";
import { overlappingHost } from "./host-overlap";
import type { RemoteEnd } from "./remote-peerings";
import { remoteEnds } from "./remote-peerings";
import type { FirewallDifference, Goal, OtherFirewall, Site } from "./site";
import { contextOf } from "./site";

export interface Survey {
  readonly wanted: KernelState;
  readonly seen: SeenKernel;
  /** What would have to be done. */
  readonly steps: readonly Step[];
  readonly blocked: BlockedObjects;
  /** What differs at the host's other firewall. */
  readonly firewall: readonly FirewallDifference[];
  /** Namespaces of ours that a crash left without their mark. */
  readonly unmarked: readonly string[];
  /** What a person should know of objects that are in place, by their ids. */
  readonly remarks: ReadonlyMap<string, string>;
}

/** Compares what is wanted with what is there; writes nothing. */
export async function survey(goal: Goal, site: Site, document: Topology): Promise<Survey> {
  const { topologyId, topologyName } = goal;
  const claim = { agentId: site.agentId, topologyId, ledger: site.ledger };
  const drawnEnds = remoteEnds({ topologyId, name: topologyName, document }, site.staying(topologyId));
  const routers = [...drawnEnds.values()].flatMap((end) => (end.state === "there" ? [end.router] : []));
  const names = Object.keys(compileOnce(document, contextOf(goal, document, site, {}, drawnEnds)));
  const seen = await site.kernel.observe([...new Set([...names, ...routers, ...site.ledger.namespacesOf(topologyId), HOST_NAMESPACE])]);
  const ends = standingEnds(drawnEnds, seen, site);
  const overlapping = await overlappingHost(document, goal, site, seen[HOST_NAMESPACE]);
  const context = withClosed(contextOf(goal, document, site, seen, ends), [...overlapping.keys()]);
  const compiled = compileOnce(document, context);
  const { wanted, blocked } = leaveOut(compiled, takenNames(compiled, seen, claim));
  const unmarked = unmarkedOwn(seen, claim);
  const steps = [...removedLeftovers(goal, site, wanted), ...planChanges(wanted, seen, { ...claim, ledger: unmarked })];
  return {
    wanted, seen, unmarked, steps,
    blocked: new Map([...withoutAddress(document, context.publicAddresses, context.host.publicPool), ...withoutRemote(ends), ...overlapping, ...blocked]),
    firewall: await askFirewall(site.firewall, hostIsOpen(wanted)),
    remarks: foreignResolvConfs(wanted, seen, site.agentId),
  };
}

/** Somebody else's file in the place of ours is left alone; names then resolve as that file says. */
const foreignResolvConfs = (wanted: KernelState, seen: SeenKernel, agentId: string): ReadonlyMap<string, string> =>
  new Map(Object.values(wanted).filter((want) => isResolvConfForeign(want, seen[want.name], agentId)).map(({ name, owner }) =>
    [owner.objectId, `/etc/netns/${name} was not made by vpclab and was not touched: in “ip netns exec ${name}” names do not resolve by the VPC's resolver.`]));

/** Others' firewalls are not our business beyond one rule: one that cannot be asked is said, and holds up nothing else. */
async function askFirewall(firewall: OtherFirewall | null, open: boolean): Promise<readonly FirewallDifference[]> {
  try {
    return (await firewall?.look(open)) ?? [];
  } catch (error) {
    return [{ words: `the host's own firewall cannot be asked: ${toWireError(error).publicMessage}`, command: "nft list chains" }];
  }
}

const withClosed = (context: CompileContext, closedVpcs: readonly string[]): CompileContext => ({ ...context, host: { ...context.host, closedVpcs } });

/** Somebody's gateway leads through the host. */
export const hostIsOpen = (wanted: KernelState): boolean => forwardsForVpcs(wanted[HOST_NAMESPACE]?.nft ?? null);

/**
 * A link is made into the other topology's router only where that namespace stands and carries that topology's mark: after a
 * start it may not be there yet, and a namespace of somebody else may have its name.
 */
function standingEnds(ends: ReadonlyMap<string, RemoteEnd>, seen: SeenKernel, site: Site): Map<string, RemoteEnd> {
  return new Map([...ends].map(([id, end]): [string, RemoteEnd] => {
    if (end.state !== "there") return [id, end];
    const mark = parseMark(seen[end.router]?.mark ?? "");
    const stands = mark?.agentId === site.agentId && mark.topologyId === end.topologyId;
    return [id, stands ? end : { state: "waiting", reason: `Waits for namespace ${end.router}: it is not there.` }];
  }));
}

/** Names without a namespace behind them, which an `ip netns add` that was killed half-way leaves, where nothing is wanted. */
function removedLeftovers(goal: Goal, site: Site, wanted: KernelState): Step[] {
  const names = site.ledger.namespacesOf(goal.topologyId).filter((name) => !wanted[name]);
  return site.leftovers(names).map((namespace) => ({
    owner: { topologyId: goal.topologyId, objectId: "unmarked" }, namespace, action: "netns-delete",
  }));
}
