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
  return [...letIn(doc, requester, accepter, peering.id, random), ...letIn(doc, accepter, requester, peering.id, random)];
}

function letIn(doc: Topology, vpc: Vpc, peer: Vpc, peeringId: string, random: RandomBytes): SingleCommand[] {
  const index = indexTopology(doc);
  const route: DrawnRoute = { destination: peer.cidr, target: { kind: "peering", id: peeringId } };
  const tables = index.routeTablesOfVpc(vpc.id).flatMap((table): SingleCommand[] => {
    const kept = table.routes.filter((other) => !(other.destination === peer.cidr && other.target.kind === "gone"));
    if (kept.some((other) => other.destination === peer.cidr)) return [];
    return [{ op: "update", kind: "route-table", id: table.id, set: { routes: [...kept, route] } }];
  });
  const group = index.groupById.get(vpc.defaultSecurityGroupId);
  const open = group?.rules.some((rule) =>
    rule.direction === "ingress" && rule.protocol === "all" && "cidr" in rule.peer && rule.peer.cidr === peer.cidr);
  if (!group || open) return tables;
  const rules = [...group.rules, allowAllRule("ingress", { cidr: peer.cidr }, random, `from ${peer.name}`)];
  return [...tables, { op: "update", kind: "security-group", id: group.id, set: { rules } }];
}
