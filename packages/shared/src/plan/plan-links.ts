import type { KernelState, Link, NamespaceState, SeenKernel, SeenLink } from "./kernel-state";
import { HOST_NAMESPACE, LINK_MTU } from "./kernel-state";
import { parseMark } from "./mark";
import type { PlanScope } from "./plan-scope";
import type { Step, StepAction } from "./step";

export interface LinkPlan {
  readonly removals: readonly Step[];
  readonly additions: readonly Step[];
  /** Names of a namespace's links that this plan makes anew: addresses and routes on them are gone. */
  fresh(namespace: string): ReadonlySet<string>;
}

/**
 * Links: a veth pair stands or falls as a whole, so a pair with one end missing or of the wrong kind is deleted and made
 * again; everything else about a link is mended in place.
 */
export function planLinks(wanted: KernelState, seen: SeenKernel, scope: PlanScope): LinkPlan {
  const links = seenLinks(seen);
  const fresh = freshLinks(wanted, links);
  const isFresh = (namespace: string, name: string) => fresh.get(namespace)?.has(name) ?? false;
  const removals = Object.values(seen).flatMap((have) => {
    const want = wanted[have.name];
    return want ? removedLinks(want, have.links, (name) => isFresh(have.name, name), scope) : [];
  });
  const spaces = Object.values(wanted);
  return {
    removals: oncePerPair([...removals, ...strayEnds(wanted, links, isFresh)], links),
    additions: [
      ...spaces.flatMap((want) => want.links.filter((link) => isFresh(want.name, link.name)).flatMap((link) => addLink(want, link))),
      ...spaces.flatMap((want) => want.links.flatMap((link) => settleLink(want, link, links(want.name, link.name), isFresh))),
    ],
    fresh: (namespace) => fresh.get(namespace) ?? new Set(),
  };
}

type SeenLinks = (namespace: string, name: string) => SeenLink | undefined;

function seenLinks(seen: SeenKernel): SeenLinks {
  const byNamespace = new Map(Object.values(seen).map((have) => [have.name, new Map(have.links.map((link) => [link.name, link]))]));
  return (namespace, name) => byNamespace.get(namespace)?.get(name);
}

function freshLinks(wanted: KernelState, seen: SeenLinks): Map<string, Set<string>> {
  const fresh = new Map<string, Set<string>>();
  const mark = (namespace: string, name: string) => fresh.set(namespace, (fresh.get(namespace) ?? new Set()).add(name));
  for (const want of Object.values(wanted)) {
    for (const link of want.links) {
      const intact = seen(want.name, link.name)?.kind === link.kind &&
        (link.kind === "bridge" || seen(link.peer.namespace, link.peer.name)?.kind === "veth");
      if (!intact) mark(want.name, link.name);
    }
  }
  return fresh;
}

/** A far end in another topology's router that has lost ours: its name is made from our ids, and it stands in the way. */
function strayEnds(wanted: KernelState, seen: SeenLinks, isFresh: (namespace: string, name: string) => boolean): Step[] {
  return Object.values(wanted).flatMap((want) => want.links.flatMap((link): Step[] => {
    if (link.kind === "bridge" || wanted[link.peer.namespace] || !isFresh(want.name, link.name)) return [];
    const { namespace, name } = link.peer;
    return seen(namespace, name) && !seen(want.name, link.name) ? [{ owner: link.owner, namespace, action: "link-delete", name }] : [];
  }));
}

/** Links that a new namespace may have by itself once their module is loaded; they cannot be deleted. */
const FALLBACK_KINDS: readonly string[] = ["loopback", "ipip", "sit", "gre", "gretap", "erspan", "ip6tnl", "ip6gre", "vti", "vti6"];

/** Links that are not wanted, or stand in the way of one that is made anew. On the host only this topology's own. */
function removedLinks(want: NamespaceState, links: readonly SeenLink[], isFresh: (name: string) => boolean, scope: PlanScope): Step[] {
  const wanted = new Map(want.links.map((link) => [link.name, link]));
  return links.flatMap((link) => {
    const mark = parseMark(link.alias);
    const mine = mark?.agentId === scope.agentId && mark.topologyId === scope.topologyId;
    const wantedHere = wanted.get(link.name);
    const goes = wantedHere ? isFresh(link.name) : want.name !== HOST_NAMESPACE || mine;
    if (!goes || FALLBACK_KINDS.includes(link.kind)) return [];
    const owner = wantedHere?.owner ?? (mine && mark ? { topologyId: mark.topologyId, objectId: mark.objectId } : want.owner);
    return [{ owner, namespace: want.name, action: "link-delete", name: link.name } satisfies Step];
  });
}

/** Both ends of a pair may be on the list; deleting one deletes the other, so the second would fail. */
function oncePerPair(removals: readonly Step[], seen: SeenLinks): Step[] {
  const gone = new Set<string>();
  return removals.filter((step) => {
    const link = step.action === "link-delete" ? seen(step.namespace, step.name) : undefined;
    const mark = link?.kind === "veth" ? parseMark(link.alias) : null;
    if (!mark) return true;
    const pair = `${mark.topologyId}/${mark.objectId}`;
    return gone.has(pair) ? false : gone.add(pair);
  });
}

/**
 * Makes a bridge, or a pair from its creator's end. Where both ends would make it (a peering between two topologies), only one
 * of them is in this plan: the other topology's own.
 */
function addLink(want: NamespaceState, link: Link): Step[] {
  if (link.kind === "bridge") return [{ owner: link.owner, namespace: want.name, action: "bridge-add", name: link.name, mac: link.mac }];
  if (!link.creator) return [];
  return [{ owner: link.owner, namespace: want.name, action: "veth-add", name: link.name, mac: link.mac, peer: link.peer }];
}

/** Alias, MAC, master, state and addresses of one link, compared with what is there unless the link is new. */
function settleLink(
  want: NamespaceState, link: Link, seen: SeenLink | undefined, isFresh: (namespace: string, name: string) => boolean,
): Step[] {
  const have = isFresh(want.name, link.name) ? undefined : seen;
  const steps: StepAction[] = [];
  if (have && have.mtu !== LINK_MTU) steps.push({ action: "link-mtu", name: link.name, mtu: LINK_MTU });
  if (have && have.mac !== link.mac) steps.push({ action: "link-mac", name: link.name, mac: link.mac });
  if (have?.alias !== link.alias) steps.push({ action: "link-alias", name: link.name, alias: link.alias });
  if (link.kind === "veth") {
    // A bridge that is made anew has lost its ports.
    const master = have && !(link.master && isFresh(want.name, link.master)) ? have.master : null;
    if (master !== link.master) steps.push({ action: "link-master", name: link.name, master: link.master });
  } else if (have?.master) steps.push({ action: "link-master", name: link.name, master: null });
  for (const address of have?.addresses ?? []) {
    if (!link.addresses.includes(address)) steps.push({ action: "address-delete", link: link.name, address });
  }
  for (const address of link.addresses) {
    if (!have?.addresses.includes(address)) steps.push({ action: "address-add", link: link.name, address });
  }
  if (!have?.up) steps.push({ action: "link-up", name: link.name });
  return steps.map((action) => ({ owner: link.owner, namespace: want.name, ...action }));
}
