import type { Issue } from "../errors/issue";
import type { Topology } from "./topology";
import { COLLECTION, LIMITS } from "./topology";
import { objectsOf } from "./topology-index";

/** Ids, references, counts, and who may be joined to whom; nothing about names and addresses. */
export function validateGraph(doc: Topology): Issue[] {
  return [...limits(doc), ...duplicateIds(doc), ...references(doc), ...gateways(doc), ...peerings(doc), ...ports(doc)];
}

function limits(doc: Topology): Issue[] {
  const issues: Issue[] = [];
  const over = (code: Issue["code"], path: Issue["path"], count: number, max: number, what: string) => {
    if (count > max) issues.push({ severity: "error", code, path, message: `${count} ${what}; at most ${max} are allowed.` });
  };
  over("LIMIT_VPCS", ["vpcs"], doc.vpcs.length, LIMITS.vpcs, "VPCs in one topology");
  over("LIMIT_INSTANCES", ["instances"], doc.instances.length, LIMITS.instances, "instances in one topology");
  for (const [vpcId, count] of countBy(doc.subnets.map((subnet) => subnet.vpcId))) {
    over("LIMIT_SUBNETS", ["subnets"], count, LIMITS.subnetsPerVpc, `subnets in VPC ${vpcId}`);
  }
  for (const [vpcId, count] of countBy(doc.peerings.flatMap((peering) => [peering.requesterVpcId, peering.accepterVpcId]))) {
    over("LIMIT_PEERINGS", ["peerings"], count, LIMITS.peeringsPerVpc, `peerings of VPC ${vpcId}`);
  }
  return issues;
}

function duplicateIds(doc: Topology): Issue[] {
  const seen = new Set<string>();
  const issues: Issue[] = [];
  for (const { kind, object, index } of objectsOf(doc)) {
    if (seen.has(object.id)) {
      issues.push({
        severity: "error", code: "ID_DUPLICATE", path: [COLLECTION[kind], index, "id"], objectId: object.id,
        message: `The id ${object.id} is used twice; every object needs its own.`,
      });
    }
    seen.add(object.id);
  }
  return issues;
}

function references(doc: Topology): Issue[] {
  const vpcs = new Set(doc.vpcs.map((vpc) => vpc.id));
  const subnets = new Set(doc.subnets.map((subnet) => subnet.id));
  const missing = (known: ReadonlySet<string>, target: string, path: Issue["path"], objectId: string, what: string): Issue[] =>
    known.has(target)
      ? []
      : [{ severity: "error", code: "REF_UNKNOWN", path, objectId, message: `There is no ${what} “${target.slice(0, 40)}” in this topology.` }];
  return [
    ...doc.subnets.flatMap((s, i) => missing(vpcs, s.vpcId, ["subnets", i, "vpcId"], s.id, "VPC")),
    ...doc.instances.flatMap((n, i) => missing(subnets, n.subnetId, ["instances", i, "subnetId"], n.id, "subnet")),
    ...doc.internetGateways.flatMap((g, i) => missing(vpcs, g.vpcId, ["internetGateways", i, "vpcId"], g.id, "VPC")),
    ...doc.peerings.flatMap((p, i) => [
      ...missing(vpcs, p.requesterVpcId, ["peerings", i, "requesterVpcId"], p.id, "VPC"),
      ...missing(vpcs, p.accepterVpcId, ["peerings", i, "accepterVpcId"], p.id, "VPC"),
    ]),
  ];
}

function gateways(doc: Topology): Issue[] {
  const attached = new Set<string>();
  return doc.internetGateways.flatMap((gateway, i): Issue[] => {
    if (!attached.has(gateway.vpcId)) {
      attached.add(gateway.vpcId);
      return [];
    }
    return [{
      severity: "error", code: "IGW_DUPLICATE", path: ["internetGateways", i, "vpcId"], objectId: gateway.id,
      message: "This VPC already has an internet gateway; a VPC has at most one.",
    }];
  });
}

function peerings(doc: Topology): Issue[] {
  const pairs = new Set<string>();
  return doc.peerings.flatMap((peering, i): Issue[] => {
    const at = { severity: "error", path: ["peerings", i, "accepterVpcId"], objectId: peering.id } as const;
    if (peering.requesterVpcId === peering.accepterVpcId) {
      return [{ ...at, code: "PEER_SELF", message: "A VPC cannot be peered with itself; choose another VPC." }];
    }
    const pair = [peering.requesterVpcId, peering.accepterVpcId].sort().join("/");
    if (pairs.has(pair)) return [{ ...at, code: "PEER_DUPLICATE", message: "These two VPCs are already peered; one peering per pair is enough." }];
    pairs.add(pair);
    return [];
  });
}

function ports(doc: Topology): Issue[] {
  return doc.instances.flatMap((instance, i): Issue[] => {
    const port = instance.webServer?.port;
    if (port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65535)) return [];
    return [{
      severity: "error", code: "PORT", path: ["instances", i, "webServer", "port"], objectId: instance.id,
      message: `${port} is no port; use a whole number from 1 to 65535.`,
    }];
  });
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
