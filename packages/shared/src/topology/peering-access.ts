import type { SingleCommand } from "./edit-command";
import type { RandomBytes } from "./ids";
import { allowAllRule } from "./new-defaults";
import type { DrawnRoute, Peering, Topology, Vpc } from "./topology";
import { indexTopology } from "./topology-index";

/**
 * Routes to each other's CIDR in every table of both VPCs, and everything from the peer allowed by both default groups. A
 * route that leads elsewhere already stays.
 */
export function letPeersIn(
  doc: Topology, peering: Pick<Peering, "id" | "requesterVpcId" | "accepterVpcId">, random: RandomBytes,
): SingleCommand[] {
  const { vpcById } = indexTopology(doc);
  const [requester, accepter] = [vpcById.get(peering.requesterVpcId), vpcById.get(peering.accepterVpcId)];
  if (!requester || !accepter || requester === accepter) return [];
  return [...letIn(doc, requester, accepter, peering, random), ...letIn(doc, accepter, requester, peering, random)];
}

type Ends = Pick<Peering, "id" | "requesterVpcId" | "accepterVpcId"> & Partial<Pick<Peering, "remote">>;

/**
 * Routes by a peering in every table of one of its VPCs. A route that leads elsewhere already stays, one whose target is gone is
 * replaced. Empty: there is nothing to add.
 */
export function routesToPeer(doc: Topology, peering: Ends, vpcId: string): SingleCommand[] {
  const index = indexTopology(doc);
  const peerId = peering.requesterVpcId === vpcId ? peering.accepterVpcId : peering.requesterVpcId;
  const destination = index.vpcById.get(peerId)?.cidr ?? peering.remote?.cidr;
  if (destination === undefined) return [];
  const route: DrawnRoute = { destination, target: { kind: "peering", id: peering.id } };
  return index.routeTablesOfVpc(vpcId).flatMap((table): SingleCommand[] => {
    const kept = table.routes.filter((other) => !(other.destination === destination && other.target.kind === "gone"));
    if (kept.some((other) => other.destination === destination)) return [];
    return [{ op: "update", kind: "route-table", id: table.id, set: { routes: [...kept, route] } }];
  });
}

function letIn(doc: Topology, vpc: Vpc, peer: Vpc, peering: Ends, random: RandomBytes): SingleCommand[] {
  const tables = routesToPeer(doc, peering, vpc.id);
  const group = indexTopology(doc).groupById.get(vpc.defaultSecurityGroupId);
  const open = group?.rules.some((rule) =>
    rule.direction === "ingress" && rule.protocol === "all" && "cidr" in rule.peer && rule.peer.cidr === peer.cidr);
  if (!group || open) return tables;
  const rules = [...group.rules, allowAllRule("ingress", { cidr: peer.cidr }, random, `from ${peer.name}`)];
  return [...tables, { op: "update", kind: "security-group", id: group.id, set: { rules } }];
}
