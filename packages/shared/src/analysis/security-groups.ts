import { cidrFrom, firstAddress, lastAddress, parseAddress } from "../net/cidr";
import { groupsOf, isActive } from "../topology/effective";
import type { Direction, Instance, PortRange, SecurityGroup, SecurityGroupRule } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { ALL_PORTS, covers, coversProtocol, meets, type Packet, without } from "./packet";

export interface PreparedRule {
  readonly group: SecurityGroup;
  readonly rule: SecurityGroupRule;
  readonly ports: Readonly<PortRange>;
  /** Whether the far end's address is one that the rule names. */
  readonly names: (address: number) => boolean;
}

/** All rules of all groups of an instance, joined; per direction. */
export interface SecurityGroupGate {
  readonly groups: readonly SecurityGroup[];
  readonly rules: Readonly<Record<Direction, readonly PreparedRule[]>>;
}

/** The gates of instances; rules of a group are prepared once. */
export function securityGroupGates(index: TopologyIndex): (instance: Instance) => SecurityGroupGate {
  const prepared = new Map<string, readonly PreparedRule[]>();
  const rulesOf = (group: SecurityGroup): readonly PreparedRule[] => {
    const known = prepared.get(group.id);
    if (known) return known;
    const rules = group.rules.map((rule) => ({ group, rule, ports: rule.ports ?? ALL_PORTS, names: namesAddress(rule, group, index) }));
    prepared.set(group.id, rules);
    return rules;
  };
  return (instance) => {
    const groups = groupsOf(index, instance);
    const rules = groups.flatMap(rulesOf);
    const of = (direction: Direction) => rules.filter(({ rule }) => rule.direction === direction);
    return { groups, rules: { ingress: of("ingress"), egress: of("egress") } };
  };
}

/** The rule that lets a new packet pass, of several that do so together (each some of its ports) the first; null: none. */
export function ruleThatAllows(gate: SecurityGroupGate, direction: Direction, packet: Packet): PreparedRule | null {
  const far = direction === "ingress" ? packet.source : packet.destination;
  let open: readonly Readonly<PortRange>[] = [packet.destinationPorts];
  let first: PreparedRule | null = null;
  for (const candidate of gate.rules[direction]) {
    if (!coversProtocol(candidate.rule.protocol, packet) || !candidate.names(far)) continue;
    if (!first && covers(candidate.ports, packet.destinationPorts)) return candidate;
    if (!open.some((range) => meets(range, candidate.ports))) continue;
    first ??= candidate;
    open = without(open, candidate.ports);
    if (open.length === 0) return first;
  }
  return null;
}

/**
 * A reference to a group stands for its members' private addresses, in the same VPC or in an actively peered one of this
 * document; a stale reference for none. By address, as in the kernel: unlike AWS, it also matches behind a middlebox.
 */
function namesAddress({ peer }: SecurityGroupRule, group: SecurityGroup, index: TopologyIndex): (address: number) => boolean {
  if ("cidr" in peer) {
    const cidr = cidrFrom(peer.cidr);
    const [first, last] = [firstAddress(cidr), lastAddress(cidr)];
    return (address) => first <= address && address <= last;
  }
  if ("goneSecurityGroupId" in peer) return () => false;
  const named = index.groupById.get(peer.securityGroupId);
  if (!named || !isNear(named.vpcId, group.vpcId, index)) return () => false;
  const members = new Set(index.membersOf(named.id).map((member) => parseAddress(member.address)));
  return (address) => members.has(address);
}

const isNear = (vpcId: string, otherId: string, index: TopologyIndex): boolean =>
  vpcId === otherId || index.peeringsOfVpc(vpcId).some((peering) =>
    isActive(peering) && (peering.requesterVpcId === otherId || peering.accepterVpcId === otherId));
