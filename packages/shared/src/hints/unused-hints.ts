import type { Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { Hint } from "./hint";
import { plainFix } from "./hint";

/** Groups, route tables and ACLs that are in nobody's way: no instance is in them, no subnet has them, no rule names them. */
export function unusedHints(doc: Topology, index: TopologyIndex): Hint[] {
  const defaults = new Set(doc.vpcs.flatMap((vpc) => [vpc.mainRouteTableId, vpc.defaultNetworkAclId, vpc.defaultSecurityGroupId]));
  const tables = new Set(doc.subnets.map((subnet) => subnet.routeTableId));
  const acls = new Set(doc.subnets.map((subnet) => subnet.networkAclId));
  const named = new Set(doc.securityGroups.flatMap(({ rules }) => rules.map(({ peer }) => ("securityGroupId" in peer ? peer.securityGroupId : ""))));
  return [
    ...doc.securityGroups.flatMap((group, i): Hint[] => defaults.has(group.id) || named.has(group.id) || index.membersOf(group.id).length > 0 ? [] : [{
      code: "GROUP_UNUSED", objectId: group.id, path: ["securityGroups", i],
      message: `No instance is in group “${group.name}” and no rule names it; give it to instances or delete it.`,
      fix: plainFix("Delete the group", { op: "delete", id: group.id }),
    }]),
    ...doc.routeTables.flatMap((table, i): Hint[] => defaults.has(table.id) || tables.has(table.id) ? [] : [{
      code: "TABLE_UNUSED", objectId: table.id, path: ["routeTables", i],
      message: `No subnet is routed by “${table.name}”; associate it with one or delete it.`,
      fix: plainFix("Delete the table", { op: "delete", id: table.id }),
    }]),
    ...doc.networkAcls.flatMap((acl, i): Hint[] => defaults.has(acl.id) || acls.has(acl.id) ? [] : [{
      code: "ACL_UNUSED", objectId: acl.id, path: ["networkAcls", i],
      message: `No subnet is filtered by “${acl.name}”; associate it with one or delete it.`,
      fix: plainFix("Delete the ACL", { op: "delete", id: acl.id }),
    }]),
  ];
}
