import type { ErrorCode } from "../errors/error-code";
import type { FieldPath, Issue } from "../errors/issue";
import type { Topology } from "./topology";
import { DIRECTIONS, LIMITS } from "./topology";
import type { TopologyIndex } from "./topology-index";

/** Quotas: one more than each is refused, at the list that is too long. */
export function validateLimits(doc: Topology, index: TopologyIndex): Issue[] {
  const issues: Issue[] = [];
  const over = (code: ErrorCode, path: FieldPath, count: number, max: number, what: string, objectId?: string) => {
    if (count > max) issues.push({ severity: "error", code, path, objectId, message: `${count} ${what}; at most ${max} are allowed.` });
  };
  over("LIMIT_VPCS", ["vpcs"], doc.vpcs.length, LIMITS.vpcs, "VPCs in one topology");
  over("LIMIT_INSTANCES", ["instances"], doc.instances.length, LIMITS.instances, "instances in one topology");
  over("LIMIT_ELASTIC_IPS", ["elasticIps"], doc.elasticIps.length, LIMITS.elasticIps, "Elastic IPs in one topology");
  for (const vpc of doc.vpcs) {
    const subnets = index.subnetsOfVpc(vpc.id);
    const natGateways = subnets.reduce((sum, subnet) => sum + index.natGatewaysOfSubnet(subnet.id).length, 0);
    const of = `of VPC “${vpc.name}”`;
    over("LIMIT_SUBNETS", ["subnets"], subnets.length, LIMITS.subnetsPerVpc, `subnets ${of}`, vpc.id);
    over("LIMIT_NAT_GATEWAYS", ["natGateways"], natGateways, LIMITS.natGatewaysPerVpc, `NAT gateways ${of}`, vpc.id);
    over("LIMIT_ROUTE_TABLES", ["routeTables"], index.routeTablesOfVpc(vpc.id).length, LIMITS.routeTablesPerVpc, `route tables ${of}`, vpc.id);
    over("LIMIT_SECURITY_GROUPS", ["securityGroups"], index.groupsOfVpc(vpc.id).length, LIMITS.securityGroupsPerVpc, `security groups ${of}`, vpc.id);
    over("LIMIT_NETWORK_ACLS", ["networkAcls"], index.networkAclsOfVpc(vpc.id).length, LIMITS.networkAclsPerVpc, `network ACLs ${of}`, vpc.id);
    over("LIMIT_PEERINGS", ["peerings"], index.peeringsOfVpc(vpc.id).length, LIMITS.peeringsPerVpc, `peerings ${of}`, vpc.id);
  }
  for (const [i, table] of doc.routeTables.entries()) {
    over("LIMIT_ROUTES", ["routeTables", i, "routes"], table.routes.length, LIMITS.routesPerTable, "routes in one table", table.id);
  }
  for (const [i, instance] of doc.instances.entries()) {
    const at = (field: string) => ["instances", i, field];
    over("LIMIT_GROUPS_PER_INSTANCE", at("securityGroupIds"), instance.securityGroupIds.length, LIMITS.groupsPerInstance, "security groups of one instance", instance.id);
    over("LIMIT_PUBLISHED_PORTS", at("publishedPorts"), instance.publishedPorts.length, LIMITS.publishedPortsPerInstance, "published ports of one instance", instance.id);
  }
  ruleLimits(doc, over);
  return issues;
}

function ruleLimits(doc: Topology, over: (code: ErrorCode, path: FieldPath, count: number, max: number, what: string, objectId?: string) => void): void {
  for (const direction of DIRECTIONS) {
    for (const [i, group] of doc.securityGroups.entries()) {
      const count = group.rules.filter((rule) => rule.direction === direction).length;
      over("LIMIT_RULES", ["securityGroups", i, "rules"], count, LIMITS.rulesPerGroupAndDirection, `${direction} rules in one group`, group.id);
    }
    for (const [i, acl] of doc.networkAcls.entries()) {
      const count = acl.entries.filter((entry) => entry.direction === direction).length;
      over("LIMIT_RULES", ["networkAcls", i, "entries"], count, LIMITS.entriesPerAclAndDirection, `${direction} entries in one ACL`, acl.id);
    }
    for (const [i, { id, firewall }] of doc.subnets.entries()) {
      const count = firewall?.rules.filter((rule) => rule.direction === direction).length ?? 0;
      over("LIMIT_RULES", ["subnets", i, "firewall", "rules"], count, LIMITS.firewallRulesPerDirection, `${direction} rules in one firewall`, id);
    }
  }
  const rules = doc.securityGroups.reduce((sum, group) => sum + group.rules.length, 0);
  const entries = doc.networkAcls.reduce((sum, acl) => sum + acl.entries.length, 0);
  const ofFirewalls = doc.subnets.reduce((sum, { firewall }) => sum + (firewall?.rules.length ?? 0), 0);
  over("LIMIT_RULES", ["securityGroups"], rules + entries + ofFirewalls, LIMITS.rules, "rules and entries in one topology");
}
