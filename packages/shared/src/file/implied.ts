import type { RuleParts } from "./rule-parts";
import { EVERYWHERE } from "../topology/subnet-routing";
import { ALLOW_ALL_ENTRIES } from "../topology/new-defaults";
import type { Direction, NetworkAclEntry, Peering, Topology } from "../topology/topology";
import { NAME_LENGTH_MAX } from "../topology/topology";

/** What a file need not say; reading fills it in, writing leaves it away. */

export const MAIN_TABLE = "main";
export const PUBLIC_TABLE = "public";
export const DEFAULT_NAME = "default";
export const DEFAULT_GROUP_DESCRIPTION = "default VPC security group";
export const DEFAULT_FIREWALL = { ingress: "deny", egress: "allow" } as const;

/** As `nextName` would name it first. */
const firstName = (stem: string): string => stem.slice(0, NAME_LENGTH_MAX - 4);
export const impliedGatewayName = (vpcName: string): string => firstName(`${vpcName}-igw`);
export const impliedPeeringName = (requester: string, accepter: string): string => firstName(`${requester}-${accepter}`);

/** AWS's rules of a new group: everything may go out; the default group also lets its own members in. */
const allTraffic = { number: null, action: null, protocol: "all", ports: null, description: "" } as const;
export const IMPLIED_EGRESS: readonly RuleParts[] = [{ ...allTraffic, way: "to", peer: { cidr: EVERYWHERE } }];

/** What the default group lets in where the file does not say: its members, and the VPCs that peerings lead to. */
export function impliedDefaultIngress(groupName: string, peers: readonly PeerEnd[]): RuleParts[] {
  const seen = new Set<string>();
  const fromPeers = peers.filter(({ cidr }) => !seen.has(cidr) && seen.add(cidr));
  return [
    { ...allTraffic, way: "from", peer: { group: groupName, vpc: null } },
    ...fromPeers.map(({ cidr, name }): RuleParts => ({ ...allTraffic, way: "from", peer: { cidr }, description: `from ${name}` })),
  ];
}

/** Of the default ACL: everything; of any other: nothing. */
export const impliedEntries = (isDefault: boolean, direction: Direction): NetworkAclEntry[] =>
  isDefault ? ALLOW_ALL_ENTRIES.filter((entry) => entry.direction === direction) : [];

/** The other end of a peering, as seen from a VPC. */
export interface PeerEnd {
  readonly peeringId: string;
  readonly name: string;
  readonly cidr: string;
}

/** The ends of a VPC's peerings, in the order of the document. */
export function peersOf(doc: Topology, vpcId: string, peerings: readonly Peering[] = doc.peerings): PeerEnd[] {
  return peerings.flatMap((peering): PeerEnd[] => {
    if (peering.requesterVpcId !== vpcId && peering.accepterVpcId !== vpcId) return [];
    const peerId = peering.requesterVpcId === vpcId ? peering.accepterVpcId : peering.requesterVpcId;
    const peer = doc.vpcs.find((vpc) => vpc.id === peerId) ?? (peering.remote && { name: peering.remote.vpcName, cidr: peering.remote.cidr });
    return peer ? [{ peeringId: peering.id, name: peer.name, cidr: peer.cidr }] : [];
  });
}
