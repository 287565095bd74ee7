import type { FieldPath, Issue } from "../errors/issue";
import type { Cidr } from "../net/cidr";
import { cidrFrom, containsCidr, formatCidr, parseCidr } from "../net/cidr";
import { isActive } from "./effective";
import { printable } from "./printable";
import { routeLoops } from "./route-loops";
import type { DrawnRoute, RouteTable, Topology, Vpc } from "./topology";
import type { TopologyIndex } from "./topology-index";
import { RESERVED_PREFIXES, validatePrefix } from "./validate-cidr";

/** What a `gone` target may hold: the id of what was there. */
const GONE_ID = /^(igw|nat|pcx|i)-[0-9a-f]{8,17}$/;

/** Routes of all tables: destinations and targets, each table by itself, then loops over instances. */
export function validateRoutes(doc: Topology, index: TopologyIndex): Issue[] {
  const issues = doc.routeTables.flatMap((table, i) => {
    const vpc = index.vpcById.get(table.vpcId);
    return vpc ? validateTable(table, vpc, ["routeTables", i, "routes"], index) : [];
  });
  return issues.some((issue) => issue.severity === "error") ? issues : [...issues, ...routeLoops(doc, index)];
}

function validateTable(table: RouteTable, vpc: Vpc, path: FieldPath, index: TopologyIndex): Issue[] {
  const local = cidrFrom(vpc.cidr);
  const destinations = new Set<string>();
  return table.routes.flatMap((route, j): Issue[] => {
    const at = { objectId: table.id, severity: "error", path: [...path, j, "destination"] } as const;
    const syntax = validatePrefix(route.destination, at.path, table.id);
    const parsed = parseCidr(route.destination);
    if (!parsed.ok) return syntax;
    if (destinations.has(route.destination)) {
      return [{ ...at, code: "ROUTE_DUPLICATE", message: `This table has a route for ${route.destination} already; change that one.` }];
    }
    destinations.add(route.destination);
    return [
      ...destinationProblem(parsed.value, route, local, vpc, index).map((problem) => ({ ...at, ...problem })),
      ...targetIssues(route, vpc, [...path, j, "target"], table.id, index),
    ];
  });
}

function destinationProblem(destination: Cidr, route: DrawnRoute, local: Cidr, vpc: Vpc, index: TopologyIndex): Pick<Issue, "code" | "message">[] {
  const reserved = RESERVED_PREFIXES.find((prefix) => containsCidr(prefix, destination));
  if (reserved) return [{ code: "PREFIX_RESERVED", message: `${route.destination} lies in ${formatCidr(reserved)}, which is never routed; delete this route.` }];
  if (!containsCidr(local, destination)) return [];
  if (destination.length === local.length) {
    return [{ code: "ROUTE_LOCAL", message: `${vpc.cidr} is the VPC itself: the local route leads there and cannot be changed.` }];
  }
  // AWS: more specific than local only for a whole subnet, and only through a NAT gateway or an interface.
  const kind = route.target.kind;
  const whole = index.subnetsOfVpc(vpc.id).some((subnet) => subnet.cidr === route.destination);
  if (whole && (kind === "nat-gateway" || kind === "instance" || kind === "gone")) return [];
  const message = whole
    ? `${route.destination} is a subnet of this VPC: only an instance or a NAT gateway can stand before it.`
    : `${route.destination} lies inside the VPC, but is no subnet of it: name a whole subnet, or what is outside of ${vpc.cidr}.`;
  return [{ code: "ROUTE_LOCAL", message }];
}

function targetIssues(route: DrawnRoute, vpc: Vpc, path: FieldPath, objectId: string, index: TopologyIndex): Issue[] {
  const { kind, id } = route.target;
  const at = { objectId, path, severity: "error" } as const;
  const blackhole = (why: string): Issue[] =>
    [{ ...at, severity: "warning", code: "ROUTE_BLACKHOLE", message: `${route.destination} is a blackhole: ${why}` }];
  if (kind === "gone") {
    if (!GONE_ID.test(id)) return [{ ...at, code: "ROUTE_TARGET", message: `“${printable(id)}” was never a target of a route; choose one of the list.` }];
    return blackhole("its target was deleted; choose another target or delete the route.");
  }
  const vpcIds = vpcsOfTarget(kind, id, index);
  if (!vpcIds) return [{ ...at, code: "REF_UNKNOWN", message: `There is no ${TARGET_WORD[kind]} “${printable(id)}” in this topology; choose one of the list.` }];
  if (!vpcIds.includes(vpc.id)) {
    return [{ ...at, code: "ROUTE_TARGET", message: `That ${TARGET_WORD[kind]} is not “${vpc.name}”'s; a route leads to targets of its own VPC only.` }];
  }
  const peering = kind === "peering" ? index.peeringById.get(id) : undefined;
  return peering && !isActive(peering) ? blackhole(`the peering “${peering.name}” is ${peering.status}; only an active one carries packets.`) : [];
}

type LivingTarget = Exclude<DrawnRoute["target"]["kind"], "gone">;
const TARGET_WORD: Record<LivingTarget, string> = {
  "internet-gateway": "internet gateway", "nat-gateway": "NAT gateway", peering: "peering connection", instance: "instance",
};

/** The VPCs whose tables may name a target; undefined when there is no such target. */
function vpcsOfTarget(kind: LivingTarget, id: string, index: TopologyIndex): readonly string[] | undefined {
  switch (kind) {
    case "internet-gateway": {
      const gateway = index.gatewayById.get(id);
      return gateway && [gateway.vpcId];
    }
    case "peering": {
      const peering = index.peeringById.get(id);
      return peering && [peering.requesterVpcId, peering.accepterVpcId];
    }
    case "nat-gateway":
    case "instance": {
      const owner = (kind === "instance" ? index.instanceById : index.natGatewayById).get(id);
      return owner && [index.subnetById.get(owner.subnetId)?.vpcId ?? ""];
    }
  }
}
