import type { Issue } from "@vpclab/shared/errors/issue";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { LIMITS } from "@vpclab/shared/topology/topology";
import type { DrawnRoute, Peering, RouteTable, Topology, Vpc } from "@vpclab/shared/topology/topology";
import { isOpen } from "@vpclab/shared/topology/validate-peerings";

/**
 * A peering of two topologies stands in both documents under one id, each time with the other end as `remote`. Only the server
 * writes these, both at once; what a client may do is draw routes to one, rename its own copy, and delete it.
 */
export interface PeeringEnd {
  readonly topology: { readonly id: string; readonly name: string };
  readonly vpc: Vpc;
}

type Remote = NonNullable<Peering["remote"]>;
type Side = Remote["side"];

export const ownVpcId = (peering: Peering): string => (peering.remote?.side === "requester" ? peering.accepterVpcId : peering.requesterVpcId);

/** A new request as it stands in the document of the end that is not `remoteSide`. */
export function requestedPeering(id: string, name: string, ends: Record<Side, PeeringEnd>, remoteSide: Side): Peering {
  return {
    id, name, requesterVpcId: ends.requester.vpc.id, accepterVpcId: ends.accepter.vpc.id, status: "pending-acceptance",
    remote: { side: remoteSide, ...described(ends[remoteSide]) },
  };
}

const described = ({ topology, vpc }: PeeringEnd) => ({
  topologyId: topology.id, topologyName: topology.name, vpcName: vpc.name, cidr: vpc.cidr,
});

/**
 * Routes to the other end in every route table of the VPC, as a peering drawn within one topology gets them. A table that has
 * its own route there keeps it, unless that leads to a peering which is no more.
 */
export function routesToPeer(doc: Topology, vpcId: string, peering: Pick<Peering, "id">, cidr: string): EditCommand[] {
  const route: DrawnRoute = { destination: cidr, target: { kind: "peering", id: peering.id } };
  const dead = new Set(doc.peerings.filter((other) => !isOpen(other)).map(({ id }) => id));
  const leadsNowhere = ({ target }: DrawnRoute) => (target.kind === "gone" && target.id.startsWith("pcx-")) || dead.has(target.id);
  const withRoute = ({ routes }: RouteTable): readonly DrawnRoute[] => {
    const present = routes.find(({ destination }) => destination === cidr);
    if (!present) return routes.length < LIMITS.routesPerTable ? [...routes, route] : routes;
    return leadsNowhere(present) ? routes.map((other) => (other === present ? route : other)) : routes;
  };
  return doc.routeTables
    .filter((table) => table.vpcId === vpcId)
    .map((table) => ({ table, routes: withRoute(table) }))
    .filter(({ table, routes }) => routes !== table.routes)
    .map(({ table, routes }) => ({ op: "update", kind: "route-table", id: table.id, set: { routes: [...routes] } }));
}

/** What a client's edit may not do to peerings with other topologies; compares documents, so that no command slips through. */
export function remotePeeringFaults(before: Topology, after: Topology): Issue[] {
  const known = new Map(before.peerings.map((peering) => [peering.id, peering]));
  return after.peerings.flatMap((peering, i): Issue[] => {
    const field = peering.remote === null ? null : forgedField(known.get(peering.id), peering);
    return field === null ? [] : [{ severity: "error", code: "FORBIDDEN", path: ["peerings", i, field], objectId: peering.id, message: FORGED[field] }];
  });
}

type ForgedField = "remote" | "status";
const FORGED: Record<ForgedField, string> = {
  remote: "A peering with another topology is made by a request to its owner, not by an edit.",
  status: "Only the other side's answer changes this; an edit can delete the peering.",
};

function forgedField(before: Peering | undefined, after: Peering): ForgedField | null {
  const same = before && before.requesterVpcId === after.requesterVpcId && before.accepterVpcId === after.accepterVpcId
    && sameRemote(before.remote, after.remote);
  if (!same) return "remote";
  return before.status === after.status || after.status === "deleted" ? null : "status";
}

/** By fields: the database gives keys back in another order. */
const sameRemote = (a: Remote | null, b: Remote | null): boolean =>
  a === null || b === null
    ? a === b
    : a.side === b.side && a.topologyId === b.topologyId && a.topologyName === b.topologyName && a.vpcName === b.vpcName && a.cidr === b.cidr;

/** Topologies whose copy of a peering no longer fits once `before` has become `after` (null: the topology is removed). */
export function topologiesToFollow(before: Topology, after: Topology | null): ReadonlySet<string> {
  const told = (doc: Topology | null, peering: Peering | undefined) =>
    peering?.remote && isOpen(peering) && `${peering.status} ${doc?.vpcs.find(({ id }) => id === ownVpcId(peering))?.name}`;
  const later = new Map(after?.peerings.map((peering) => [peering.id, peering]));
  return new Set(before.peerings.flatMap((peering) =>
    peering.remote && isOpen(peering) && told(before, peering) !== told(after, later.get(peering.id)) ? [peering.remote.topologyId] : []));
}

/**
 * `doc` of topology `id` brought in line with what the topology at the other end holds now: `document` null when that is removed.
 * Null when there is nothing to change.
 */
export function followed(
  doc: Topology, id: string, other: { readonly id: string; readonly name: string; readonly document: Topology | null },
): Topology | null {
  let changed = false;
  const peerings = doc.peerings.map((peering): Peering => {
    if (peering.remote?.topologyId !== other.id || !isOpen(peering)) return peering;
    const next = following(peering, id, other);
    changed ||= next.status !== peering.status || !sameRemote(next.remote, peering.remote);
    return next;
  });
  return changed ? { ...doc, peerings } : null;
}

function following(peering: Peering, id: string, other: Parameters<typeof followed>[2]): Peering {
  const copy = other.document?.peerings.find((candidate) => candidate.id === peering.id && candidate.remote?.topologyId === id);
  const vpc = copy && other.document?.vpcs.find((candidate) => candidate.id === ownVpcId(copy));
  if (!copy || !vpc || !peering.remote) return { ...peering, status: "deleted" };
  return { ...peering, status: copy.status, remote: { side: peering.remote.side, ...described({ topology: other, vpc }) } };
}

/** The edit (none, if there are none) that takes every peering with another topology out of a document; routes to them become `gone`. */
export function withoutRemotePeerings(doc: Topology): EditCommand[] {
  const commands = doc.peerings.filter(({ remote }) => remote !== null).map(({ id }) => ({ op: "delete" as const, id }));
  return commands.length === 0 ? [] : [{ op: "batch", commands }];
}
