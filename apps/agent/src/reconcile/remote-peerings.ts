import { routerNamespace } from "@vpclab/shared/net/namespace-name";
import type { Peering, Topology } from "@vpclab/shared/topology/topology";

/** A topology as this host holds it. */
export interface AppliedTopology {
  readonly topologyId: string;
  readonly name: string;
  readonly document: Topology;
}

/** What the other end of a peering with another topology is on this host. */
export type RemoteEnd =
  | { readonly state: "there"; readonly topologyId: string; readonly router: string }
  /** The other end is not there (yet): nothing is wrong, nothing can be done here. */
  | { readonly state: "waiting"; readonly reason: string }
  /** The other topology's document says something else than ours: never connected. */
  | { readonly state: "disagreeing"; readonly reason: string };

type Remote = NonNullable<Peering["remote"]>;
type RemotePeering = Peering & { readonly remote: Remote };

export const remotePeeringsOf = (document: Topology): RemotePeering[] =>
  document.peerings.filter((peering): peering is RemotePeering => peering.remote !== null);

/** Whether two topologies have a peering with each other in either document: what is done to one may concern the other. */
export const areNeighbours = (a: AppliedTopology, b: AppliedTopology): boolean =>
  remotePeeringsOf(a.document).some(({ remote }) => remote.topologyId === b.topologyId) ||
  remotePeeringsOf(b.document).some(({ remote }) => remote.topologyId === a.topologyId);

/**
 * The other end of each active peering with another topology. Both documents must hold the same peering, mirrored: a VPC is
 * never connected because only the other side says so, whoever signed that.
 */
export function remoteEnds(mine: AppliedTopology, others: readonly AppliedTopology[]): Map<string, RemoteEnd> {
  const active = remotePeeringsOf(mine.document).filter((peering) => peering.status === "active");
  return new Map(active.map((peering) => [peering.id, remoteEnd(mine, peering, others)]));
}

function remoteEnd(mine: AppliedTopology, peering: RemotePeering, others: readonly AppliedTopology[]): RemoteEnd {
  const { remote } = peering;
  const other = others.find(({ topologyId }) => topologyId === remote.topologyId);
  const theirName = `topology “${remote.topologyName}”`;
  if (!other) return { state: "waiting", reason: `Waits for ${theirName}: it is not applied on this host.` };
  const theirs = other.document.peerings.find(({ id }) => id === peering.id);
  if (!theirs) return { state: "waiting", reason: `Waits for ${theirName}: what is applied of it does not have this peering; its owner has to apply it.` };
  if (theirs.status !== "active") return { state: "waiting", reason: `Waits for ${theirName}: there this peering is ${theirs.status}.` };
  const problem = disagreement(mine, peering, other, theirs);
  if (problem !== null) return { state: "disagreeing", reason: `The document of ${theirName} says something else about this peering: ${problem}. It stays down.` };
  const vpc = vpcOf(other, farVpcId(peering));
  return { state: "there", topologyId: other.topologyId, router: routerNamespace(other.name, vpc?.name ?? "") };
}

/** Why the two documents do not describe one and the same peering; null when they do. */
function disagreement(mine: AppliedTopology, peering: RemotePeering, other: AppliedTopology, theirs: Peering): string | null {
  if (theirs.remote?.topologyId !== mine.topologyId) return "it leads to a third topology there";
  if (theirs.remote.side === peering.remote.side) return "both call the same end the far one";
  if (theirs.requesterVpcId !== peering.requesterVpcId || theirs.accepterVpcId !== peering.accepterVpcId) return "it connects other VPCs";
  const far = vpcOf(other, farVpcId(peering));
  const near = vpcOf(mine, nearVpcId(peering));
  if (!far || !near) return "its VPC is not there";
  if (far.cidr !== peering.remote.cidr) return `its VPC is ${far.cidr}, not ${peering.remote.cidr}`;
  if (near.cidr !== theirs.remote.cidr) return `our VPC is ${near.cidr}, not ${theirs.remote.cidr}`;
  return null;
}

const farVpcId = (peering: RemotePeering): string => (peering.remote.side === "requester" ? peering.requesterVpcId : peering.accepterVpcId);
const nearVpcId = (peering: RemotePeering): string => (peering.remote.side === "requester" ? peering.accepterVpcId : peering.requesterVpcId);
const vpcOf = ({ document }: AppliedTopology, vpcId: string) => document.vpcs.find((vpc) => vpc.id === vpcId);
