import type { RandomBytes } from "./ids";
import { newRuleId } from "./ids";
import type { Direction, Instance, NetworkAclEntry, SecurityGroupRule } from "./topology";
import { EVERYWHERE } from "./subnet-routing";

/** What AWS puts into new objects. */

/** The default network ACL's entries. */
export const ALLOW_ALL_ENTRIES: NetworkAclEntry[] = (["ingress", "egress"] as const).map((direction) => ({
  direction, number: 100, action: "allow", protocol: "all", ports: null, cidr: EVERYWHERE,
}));

export const allowAllRule = (direction: Direction, peer: SecurityGroupRule["peer"], random: RandomBytes, description = ""): SecurityGroupRule =>
  ({ id: newRuleId(random), direction, protocol: "all", ports: null, peer, description });

export const plainInstance = (id: string, subnetId: string, name: string, address: string, groupId: string): Instance =>
  ({ id, subnetId, name, address, webServer: null, securityGroupIds: [groupId], sourceDestCheck: true, publishedPorts: [] });
