import type { KernelState, Link, NamespaceState, SeenKernel, SeenNamespace } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { parseMark } from "@vpclab/shared/plan/mark";
import type { NamespaceLedger } from "../state/namespace-ledger";
import type { Blocked } from "./blocked";

interface Claim {
  readonly agentId: string;
  readonly topologyId: string;
  readonly ledger: NamespaceLedger;
}

/** Links as interface-name.ts makes them; the far end of a pair can arrive in a namespace before its mark does. */
const OUR_LINK = /^(?:eth0|[a-z]{2,3}-[a-z2-7]{10})$/;

/**
 * Whether a namespace belongs to the topology: by its mark, or, when a crash came between its making and its marking, by the
 * ledger. A namespace without a mark that holds a link of another make is not that crash's, whatever the ledger says.
 */
function isMine(seen: SeenNamespace, claim: Claim): boolean {
  const mark = parseMark(seen.mark);
  // The machine itself carries no mark; a sandbox's host carries that of the agent which made it.
  if (seen.name === HOST_NAMESPACE) return mark === null || mark.agentId === claim.agentId;
  if (mark) return mark.agentId === claim.agentId && mark.topologyId === claim.topologyId;
  const unfinished = seen.mark === "" && seen.links.every((link) => link.kind === "loopback" || (OUR_LINK.test(link.name) && link.mac.startsWith("02:")));
  return unfinished && claim.ledger.topologyOf(seen.name) === claim.topologyId;
}

/** Names that the topology wants and somebody else has, each with the reason for a person. */
export function takenNames(wanted: KernelState, seen: SeenKernel, claim: Claim): Map<string, string> {
  return new Map(Object.keys(wanted).flatMap((name): [string, string][] => {
    const there = seen[name];
    if (!there || isMine(there, claim)) return [];
    if (name === HOST_NAMESPACE) return [[name, "The sandbox on this machine belongs to another vpclab agent; its host was not touched. Use that agent's state directory, or remove its sandbox."]];
    const whose = parseMark(there.mark) ? "belongs to another topology or agent" : "was not made by vpclab";
    return [[name, `A network namespace called “${name}” exists on this host and ${whose}; it was not touched. Rename the object, or remove that namespace.`]];
  }));
}

/** Namespaces that a crash left without their mark. */
export const unmarkedOwn = (seen: SeenKernel, claim: Claim): string[] =>
  Object.values(seen).filter((space) => space.name !== HOST_NAMESPACE && space.mark === "" && isMine(space, claim)).map((space) => space.name);

const nameTaken = (reason: string): Blocked => ({ state: "failed", code: "HOST_NAME_TAKEN", reason });

/** The wanted state without what lies in, or leads into, the taken namespaces; and the reason by object for what was left out. */
export function leaveOut(state: KernelState, taken: ReadonlyMap<string, string>): { wanted: KernelState; blocked: Map<string, Blocked> } {
  const blocked = new Map<string, Blocked>();
  if (taken.size === 0) return { wanted: state, blocked };
  const wanted: Record<string, NamespaceState> = {};
  for (const space of Object.values(state)) {
    const reason = taken.get(space.name);
    if (reason !== undefined) {
      for (const { owner } of [space, ...space.links, ...space.workloads]) blocked.set(owner.objectId, nameTaken(reason));
      continue;
    }
    const cut = new Map(space.links.flatMap((link) => {
      const why = reasonToCut(link, taken);
      return why === undefined ? [] : [[link.name, { why, objectId: link.owner.objectId }] as const];
    }));
    for (const { why, objectId } of cut.values()) blocked.set(objectId, nameTaken(why));
    wanted[space.name] = {
      ...space,
      links: space.links.filter((link) => !cut.has(link.name)),
      routes: space.routes.filter((route) => route.dev === null || !cut.has(route.dev)),
      rules: space.rules.filter((rule) => !cut.has(rule.iif)),
      // A setting of a link that is not made would fail, and stop the rest of what its namespace needs.
      sysctls: Object.fromEntries(Object.entries(space.sysctls).filter(([key]) => !key.split("/").some((part) => cut.has(part)))),
    };
  }
  return { wanted, blocked };
}

const reasonToCut = (link: Link, taken: ReadonlyMap<string, string>): string | undefined =>
  link.kind === "veth" ? taken.get(link.peer.namespace) : undefined;
