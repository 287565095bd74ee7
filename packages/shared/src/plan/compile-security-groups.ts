import { isActive } from "../topology/effective";
import type { Direction, SecurityGroup, SecurityGroupRule } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { NftRegularChain, NftRule, NftSet } from "./kernel-state";
import { ACCEPT, DESTINATION, jump, rule, SOURCE } from "./nft-rule";
import { classifiedRule, counterOf } from "./rule-match";
import { ruleChains } from "./rule-tree";

/** A security group as it stands in the table of each of its members. */
export interface CompiledGroup {
  readonly group: SecurityGroup;
  readonly counters: readonly string[];
  /** Members of the groups that its rules name. */
  readonly sets: readonly NftSet[];
  /** Chains with the group's own last in each direction; `accept` in them, and who falls through goes on to the next group. */
  readonly chains: readonly NftRegularChain[];
  /** What leads to them. */
  readonly jumps: Readonly<Record<Direction, NftRule>>;
}

const GATE: Record<Direction, "in" | "out"> = { ingress: "in", egress: "out" };

/** Chain of a group's rules for one direction, e.g. `sg-in-0a1b2c3d4e5f`. */
export const groupChain = (groupId: string, direction: Direction): string => `sg-${GATE[direction]}-${groupId.replace(/^sg-/, "")}`;

/** Compiles each group once, however many instances have it. */
export function groupCompiler(index: TopologyIndex): (group: SecurityGroup) => CompiledGroup {
  const compiled = new Map<string, CompiledGroup>();
  const memberSet = memberSets(index);
  return (group) => {
    const known = compiled.get(group.id);
    if (known) return known;
    const made = compileGroup(group, index, memberSet);
    compiled.set(group.id, made);
    return made;
  };
}

type MemberSets = (groupId: string, ofVpcId: string) => NftSet;

function compileGroup(group: SecurityGroup, index: TopologyIndex, memberSet: MemberSets): CompiledGroup {
  const rules = group.rules.flatMap((drawn) => livingPeer(drawn, index));
  const referred = new Set(rules.flatMap(({ peer }) => ("set" in peer ? [peer.set] : [])));
  const chainsOf = (direction: Direction) => {
    const addressKey = direction === "ingress" ? SOURCE : DESTINATION;
    const own = rules.filter(({ drawn }) => drawn.direction === direction)
      .map(({ drawn, peer }) => classifiedRule(drawn.id, { protocol: drawn.protocol, ports: drawn.ports, peer }, addressKey, ACCEPT));
    return ruleChains({ name: groupChain(group.id, direction), addressKey, rules: own, end: [] });
  };
  return {
    group,
    counters: rules.map(({ drawn }) => counterOf(drawn.id)),
    sets: [...referred].map((id) => memberSet(id, group.vpcId)),
    chains: [...chainsOf("ingress"), ...chainsOf("egress")],
    jumps: { ingress: rule(group.id, jump(groupChain(group.id, "ingress"))), egress: rule(group.id, jump(groupChain(group.id, "egress"))) },
  };
}

/** A reference to a group that is gone is stale: it matches nothing, so there is no rule for it. */
function livingPeer(drawn: SecurityGroupRule, index: TopologyIndex): { drawn: SecurityGroupRule; peer: { cidr: string } | { set: string } }[] {
  if ("cidr" in drawn.peer) return [{ drawn, peer: drawn.peer }];
  if ("goneSecurityGroupId" in drawn.peer || !index.groupById.has(drawn.peer.securityGroupId)) return [];
  return [{ drawn, peer: { set: drawn.peer.securityGroupId } }];
}

/**
 * A group's members by their private addresses, as a set named by the group's id. A group of another VPC counts only while
 * the two are actively peered (AWS); else the set is empty, so that the rule stays and matches nothing.
 */
function memberSets(index: TopologyIndex): MemberSets {
  const sets = new Map<string, NftSet>();
  return (groupId, ofVpcId) => {
    const vpcId = index.groupById.get(groupId)?.vpcId;
    const counts = vpcId === ofVpcId || index.peeringsOfVpc(ofVpcId).some((peering) =>
      isActive(peering) && (peering.requesterVpcId === vpcId || peering.accepterVpcId === vpcId));
    const key = counts ? groupId : `${groupId} empty`;
    const known = sets.get(key);
    if (known) return known;
    const elements = counts ? index.membersOf(groupId).map((instance) => instance.address) : [];
    const made: NftSet = { name: groupId, type: "ipv4_addr", interval: false, elements };
    sets.set(key, made);
    return made;
  };
}
