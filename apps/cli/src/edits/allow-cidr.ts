import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { nextName } from "@vpclab/shared/topology/allocate";
import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import { newId } from "@vpclab/shared/topology/ids";
import { allowAllRule } from "@vpclab/shared/topology/new-defaults";
import type { DrawnRoute, Subnet, Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { inSteps, NO_CHANGE, random, refuse, together, type Edit } from "./edit";
import { find, subnetPath } from "./place";
import { peeringBetween } from "./peer-edits";

/**
 * Lets one subnet open connections to another over their VPCs' peering, and nothing else: a route to just the other's range
 * in each of the two subnets' tables, and a rule in the group of the destination's instances. Replies come back by
 * connection tracking; the other direction is a call of its own.
 */
export const allowCidr = (source: string, destination: string): Edit => (doc) => {
  const [src, dst] = [find(doc, "subnet", { name: source }), find(doc, "subnet", { name: destination })];
  if (!src.ok) return src;
  if (!dst.ok) return dst;
  const peering = peeringFor(doc, src.value, dst.value);
  if (!peering.ok) return peering;
  if (peering.value === null) return NO_CHANGE;
  const [from, to, target] = [src.value.id, dst.value.id, { kind: "peering", id: peering.value } as const];
  return inSteps(
    routeFrom(from, { destination: dst.value.cidr, target }),
    routeFrom(to, { destination: src.value.cidr, target }),
    letIn(to, src.value),
  )(doc);
};

/** Id of the peering between the two subnets' VPCs; null where both are in one VPC, which needs none. */
function peeringFor(doc: Topology, src: Subnet, dst: Subnet): Result<string | null, Issue[]> {
  if (src.vpcId === dst.vpcId) return ok(null);
  const between = peeringBetween(doc, src.vpcId, dst.vpcId);
  if (between?.status === "active") return ok(between.id);
  return refuse("NOT_FOUND", `The VPCs of ${subnetPath(doc, src)} and ${subnetPath(doc, dst)} are not peered: peer them first (vpcctl peer-vpcs).`);
}

/** A route in a table that no other subnet has: the subnet's own, or a copy that is given to it. */
const routeFrom = (subnetId: string, route: DrawnRoute): Edit => (doc) => {
  const index = indexTopology(doc);
  const subnet = index.subnetById.get(subnetId);
  if (!subnet) return refuse("REF_UNKNOWN", "This subnet is no longer there.");
  const table = routeTableOf(index, subnet);
  const there = table.routes.find(({ destination }) => destination === route.destination);
  if (there?.target.id === route.target.id) return NO_CHANGE;
  if (there && there.target.kind !== "gone") {
    return refuse("CONFLICT", `Table “${table.name}” leads ${route.destination} elsewhere already; delete that route first.`);
  }
  const routes = [...table.routes.filter((other) => other !== there), route];
  const isShared = subnet.routeTableId === null || doc.subnets.some((other) => other.id !== subnet.id && other.routeTableId === table.id);
  if (!isShared) return ok({ op: "update", kind: "route-table", id: table.id, set: { routes } });
  const name = nextName(index.routeTablesOfVpc(subnet.vpcId).map((other) => other.name), subnet.name, { bareFirst: true });
  const id = newId("route-table", random);
  return ok({
    op: "batch",
    commands: [
      { op: "create", kind: "route-table", object: { id, vpcId: subnet.vpcId, name, routes } },
      { op: "update", kind: "subnet", id: subnet.id, set: { routeTableId: id } },
    ],
  });
};

/** Everything from the source's range, in one group of each of the destination's instances (the VPC's default one where there is none yet). */
const letIn = (subnetId: string, source: Subnet): Edit => (doc) => {
  const index = indexTopology(doc);
  const vpc = index.vpcById.get(index.subnetById.get(subnetId)?.vpcId ?? "");
  const used = index.instancesOfSubnet(subnetId).map(({ securityGroupIds }) => securityGroupIds[0] ?? "");
  const groupIds = new Set(used.length > 0 ? used : [vpc?.defaultSecurityGroupId ?? ""]);
  return ok(together([...groupIds].flatMap((id): SingleCommand[] => {
    const group = index.groupById.get(id);
    const isOpen = group?.rules.some(({ direction, protocol, peer }) =>
      direction === "ingress" && protocol === "all" && "cidr" in peer && peer.cidr === source.cidr);
    if (!group || isOpen) return [];
    const rule = allowAllRule("ingress", { cidr: source.cidr }, random, `from ${source.name}`);
    return [{ op: "update", kind: "security-group", id, set: { rules: [...group.rules, rule] } }];
  })));
};
