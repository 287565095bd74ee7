import type { FieldPath, Issue } from "../errors/issue";
import { printable } from "./printable";
import type { Topology } from "./topology";
import type { TopologyIndex } from "./topology-index";

/**
 * Every id that an object names leads to an object of the right kind and, where both belong to one, of the same VPC. One
 * message for what is missing and what is elsewhere: it tells nothing about other people's topologies. Targets of routes and
 * peers of rules are judged with them (validate-routes.ts, validate-rules.ts).
 */
export function validateReferences(doc: Topology, index: TopologyIndex): Issue[] {
  const issues: Issue[] = [];
  const need = (found: unknown, id: string, path: FieldPath, objectId: string, what: string) => {
    if (!found) issues.push({ severity: "error", code: "REF_UNKNOWN", path, objectId, message: `There is no ${what} “${printable(id)}”; choose one of the list.` });
  };
  const vpcOfSubnet = (subnetId: string) => index.subnetById.get(subnetId)?.vpcId ?? "";

  for (const [i, vpc] of doc.vpcs.entries()) {
    const own = (found: { vpcId: string } | undefined) => found?.vpcId === vpc.id;
    need(own(index.routeTableById.get(vpc.mainRouteTableId)), vpc.mainRouteTableId, ["vpcs", i, "mainRouteTableId"], vpc.id, "route table in this VPC");
    need(own(index.networkAclById.get(vpc.defaultNetworkAclId)), vpc.defaultNetworkAclId, ["vpcs", i, "defaultNetworkAclId"], vpc.id, "network ACL in this VPC");
    need(own(index.groupById.get(vpc.defaultSecurityGroupId)), vpc.defaultSecurityGroupId, ["vpcs", i, "defaultSecurityGroupId"], vpc.id, "security group in this VPC");
  }
  for (const collection of ["subnets", "internetGateways", "routeTables", "securityGroups", "networkAcls"] as const) {
    for (const [i, object] of doc[collection].entries()) {
      need(index.vpcById.has(object.vpcId), object.vpcId, [collection, i, "vpcId"], object.id, "VPC in this topology");
    }
  }
  for (const [i, subnet] of doc.subnets.entries()) {
    const { routeTableId, networkAclId } = subnet;
    if (!index.vpcById.has(subnet.vpcId)) continue;
    if (routeTableId !== null) {
      need(index.routeTableById.get(routeTableId)?.vpcId === subnet.vpcId, routeTableId, ["subnets", i, "routeTableId"], subnet.id, "route table in this VPC");
    }
    if (networkAclId !== null) {
      need(index.networkAclById.get(networkAclId)?.vpcId === subnet.vpcId, networkAclId, ["subnets", i, "networkAclId"], subnet.id, "network ACL in this VPC");
    }
  }
  for (const [i, gateway] of doc.natGateways.entries()) {
    need(index.subnetById.has(gateway.subnetId), gateway.subnetId, ["natGateways", i, "subnetId"], gateway.id, "subnet in this topology");
  }
  for (const [i, instance] of doc.instances.entries()) {
    need(index.subnetById.has(instance.subnetId), instance.subnetId, ["instances", i, "subnetId"], instance.id, "subnet in this topology");
    const vpcId = vpcOfSubnet(instance.subnetId);
    for (const [j, groupId] of instance.securityGroupIds.entries()) {
      const path = ["instances", i, "securityGroupIds", j];
      need(!index.vpcById.has(vpcId) || index.groupById.get(groupId)?.vpcId === vpcId, groupId, path, instance.id, "security group in this VPC");
      if (instance.securityGroupIds.indexOf(groupId) < j) {
        issues.push({ severity: "error", code: "ID_DUPLICATE", path, objectId: instance.id, message: "This group is named twice; once is enough." });
      }
    }
    if (instance.securityGroupIds.length === 0) {
      issues.push({
        severity: "error", code: "GROUP_MISSING", path: ["instances", i, "securityGroupIds"], objectId: instance.id,
        message: `“${instance.name}” has no security group; give it one, e.g. its VPC's default group.`,
      });
    }
  }
  return [...issues, ...elasticIpTargets(doc, index)];
}

function elasticIpTargets(doc: Topology, index: TopologyIndex): Issue[] {
  const owners = new Map<string, string>();
  return doc.elasticIps.flatMap((elasticIp, i): Issue[] => {
    const { target } = elasticIp;
    if (!target) return [];
    const at = { severity: "error", path: ["elasticIps", i, "target"], objectId: elasticIp.id } as const;
    const found = (target.kind === "instance" ? index.instanceById : index.natGatewayById).get(target.id);
    if (!found) {
      const what = target.kind === "instance" ? "instance" : "NAT gateway";
      return [{ ...at, code: "REF_UNKNOWN", message: `There is no ${what} “${printable(target.id)}” in this topology; choose one of the list.` }];
    }
    const other = owners.get(target.id);
    owners.set(target.id, elasticIp.name);
    if (other === undefined) return [];
    return [{ ...at, code: "EIP_TAKEN", message: `“${found.name}” has the Elastic IP “${other}” already; disassociate that one first.` }];
  });
}
