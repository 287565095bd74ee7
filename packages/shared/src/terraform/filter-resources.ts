import { describeRule } from "../topology/describe-rule";
import { networkAclOf } from "../topology/effective";
import { ALLOW_ALL_ENTRIES } from "../topology/new-defaults";
import type { NetworkAcl, NetworkAclEntry, SecurityGroup, SecurityGroupRule } from "../topology/topology";
import { awsDescription, awsTraffic } from "./aws-text";
import { block, type HclBlock } from "./hcl";
import { isExported, type Exporting } from "./network-resources";

/** Groups, the default ones too (as ordinary groups), and their rules as resources of their own, so that groups may name each other. */
export function groupResources(exporting: Exporting): HclBlock[] {
  const { doc, names } = exporting;
  return doc.securityGroups.flatMap((group) => {
    const stale = group.rules.filter((rule) => !peerOf(rule, group, exporting));
    return [
      block("resource", ["aws_security_group", names.of(group.id)], {
        // AWS keeps the name `default` for itself.
        name: names.of(group.id).replace("_", "-"), description: awsDescription(group.description) || "A security group of the lab",
        vpc_id: names.reference(group.vpcId),
      }, { comments: stale.map((rule) => `${describeRule(rule, (id) => names.of(id))}: matches nothing in the lab, and is left out.`) }),
      ...group.rules.flatMap((rule) => ruleResource(rule, group, exporting)),
    ];
  });
}

function ruleResource(rule: SecurityGroupRule, group: SecurityGroup, exporting: Exporting): HclBlock[] {
  const { names } = exporting;
  const peer = peerOf(rule, group, exporting);
  if (!peer) return [];
  const { protocol, from, to } = awsTraffic(rule.protocol, rule.ports);
  return [block("resource", [`aws_vpc_security_group_${rule.direction}_rule`, `${names.of(group.id)}_${rule.id}`], {
    security_group_id: names.reference(group.id), ...peer, ip_protocol: protocol, from_port: from, to_port: to,
    description: rule.description === "" ? undefined : awsDescription(rule.description),
  })];
}

/** null: a group that is gone, or in a VPC that is not peered with this one. */
function peerOf({ peer }: SecurityGroupRule, group: SecurityGroup, { doc, index, names }: Exporting): HclBlock["arguments"] | null {
  if ("cidr" in peer) return { cidr_ipv4: peer.cidr };
  const named = "securityGroupId" in peer ? index.groupById.get(peer.securityGroupId) : undefined;
  if (!named) return null;
  const peered = doc.peerings.some((peering) => isExported(peering) && peering.status === "active" &&
    [peering.requesterVpcId, peering.accepterVpcId].includes(named.vpcId) && [peering.requesterVpcId, peering.accepterVpcId].includes(group.vpcId));
  return named.vpcId === group.vpcId || peered ? { referenced_security_group_id: names.reference(named.id) } : null;
}

/** ACLs with the subnets that they filter. A default one that allows everything is what AWS makes by itself. */
export function aclResources({ doc, index, names }: Exporting): HclBlock[] {
  const defaults = new Set(doc.vpcs.map((vpc) => vpc.defaultNetworkAclId));
  return doc.networkAcls.filter((acl) => !defaults.has(acl.id) || !allowsAll(acl)).map((acl) => {
    const subnets = doc.subnets.filter((subnet) => networkAclOf(index, subnet).id === acl.id);
    return block("resource", ["aws_network_acl", names.of(acl.id)], {
      vpc_id: names.reference(acl.vpcId), subnet_ids: subnets.map((subnet) => names.reference(subnet.id)),
    }, { blocks: acl.entries.map(entryBlock) });
  });
}

const allowsAll = (acl: NetworkAcl): boolean => JSON.stringify(acl.entries.map(entryKey).sort()) === JSON.stringify(ALLOW_ALL_ENTRIES.map(entryKey).sort());
const entryKey = ({ direction, number, action, protocol, cidr }: NetworkAclEntry): string => `${direction} ${number} ${action} ${protocol} ${cidr}`;

function entryBlock(entry: NetworkAclEntry): HclBlock {
  const { protocol, from, to } = awsTraffic(entry.protocol, entry.ports);
  const isIcmp = entry.protocol === "icmp";
  return block(entry.direction, [], {
    rule_no: entry.number, action: entry.action, protocol, cidr_block: entry.cidr,
    from_port: isIcmp ? 0 : (from ?? 0), to_port: isIcmp ? 0 : (to ?? 0), icmp_type: isIcmp ? -1 : undefined, icmp_code: isIcmp ? -1 : undefined,
  });
}
