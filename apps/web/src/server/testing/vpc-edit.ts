import type { EditCommand } from "@vpclab/shared/topology/edit-command";

/** A VPC with what every VPC has, as one edit; the ids of all of it end as `id` does. */
export function vpcEdit(id: string, name: string, cidr: string): EditCommand {
  const hex = id.slice("vpc-".length);
  const [mainRouteTableId, defaultNetworkAclId, defaultSecurityGroupId] = [`rtb-${hex}`, `acl-${hex}`, `sg-${hex}`];
  return {
    op: "batch",
    commands: [
      { op: "create", kind: "vpc", object: { id, name, cidr, mainRouteTableId, defaultNetworkAclId, defaultSecurityGroupId, reachableFromHost: false, dnsSupport: true } },
      { op: "create", kind: "route-table", object: { id: mainRouteTableId, vpcId: id, name: "main", routes: [] } },
      { op: "create", kind: "network-acl", object: { id: defaultNetworkAclId, vpcId: id, name: "default", entries: [] } },
      { op: "create", kind: "security-group", object: { id: defaultSecurityGroupId, vpcId: id, name: "default", description: "", rules: [] } },
    ],
  };
}
