import { cidrFrom, cidrOf, formatCidr } from "../net/cidr";
import type { RandomBytes } from "../topology/ids";
import { newRuleId } from "../topology/ids";
import { firewallRuleKey } from "../topology/firewall-rule-key";
import type {
  Direction, DrawnRoute, Firewall, FirewallRule, NetworkAclEntry, PortRange, Protocol, PublishedPort, SecurityGroupRule, Topology,
} from "../topology/topology";
import { DIRECTIONS, PROTOCOLS } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import { contentOf } from "../topology/validate-rules";
import type { Choose } from "./choose";

/** Ports that random rules are about, with neighbours: what a probe should ask for. */
export const INTERESTING_PORTS = [22, 53, 80, 443, 5000, 5004, 8080, 8081] as const;

const EVERYWHERE = "0.0.0.0/0";
/** The sandbox's internet. */
const INTERNET = ["198.51.100.0/24", "203.0.113.0/24"];

const PORT_RANGES: readonly PortRange[] = [
  ...INTERESTING_PORTS.map((port) => ({ from: port, to: port })), { from: 80, to: 443 }, { from: 5000, to: 5003 }, { from: 1, to: 65535 },
  { from: 8081, to: 9000 },
];
/** What answers need to get back: all of them, Linux's own range, and a part that is too small. */
const EPHEMERAL: readonly PortRange[] = [{ from: 1024, to: 65535 }, { from: 32768, to: 60999 }, { from: 32768, to: 61000 }, { from: 1024, to: 5000 }];

/** A prefix that a rule of the VPC might be about: somebody in this topology, half of a VPC, the internet, everybody. */
export function randomPrefix(doc: Topology, vpcId: string, choose: Choose): string {
  const blocks = [...doc.vpcs.filter((vpc) => vpc.id === vpcId || choose.chance(0.5)), ...doc.subnets].map((object) => object.cidr);
  const addresses = [...doc.instances, ...doc.natGateways].map((owner) => `${owner.address}/32`);
  const halves = doc.vpcs.filter((vpc) => vpc.id === vpcId).map(({ cidr }) => {
    const { base, length } = cidrFrom(cidr);
    return formatCidr(cidrOf(base + choose.int(2) * 2 ** (31 - length), length + 1));
  });
  return choose.of([EVERYWHERE, EVERYWHERE, choose.of(INTERNET), choose.of([...blocks, EVERYWHERE]), choose.of([...addresses, EVERYWHERE]), choose.of([...halves, EVERYWHERE])]);
}

function randomTraffic(choose: Choose): { protocol: Protocol; ports: PortRange | null } {
  const protocol = choose.of(PROTOCOLS);
  const withPorts = (protocol === "tcp" || protocol === "udp") && choose.chance(0.85);
  return { protocol, ports: withPorts ? { ...choose.of(PORT_RANGES) } : null };
}

/** A rule for a group of the VPC; its peer may be a group of any VPC of the topology. */
export function randomRule(doc: Topology, vpcId: string, direction: Direction, choose: Choose, random: RandomBytes): SecurityGroupRule {
  const groups = doc.securityGroups.filter((group) => group.vpcId === vpcId || choose.chance(0.4));
  const group = choose.chance(0.35) ? choose.maybe(groups) : undefined;
  const peer = group ? { securityGroupId: group.id } : { cidr: randomPrefix(doc, vpcId, choose) };
  return { id: newRuleId(random), direction, ...randomTraffic(choose), peer, description: choose.of(["", "", "for the lab"]) };
}

/** Rules of a new group: often open outwards, else closed but for a few. No rule twice. */
export function randomRules(doc: Topology, vpcId: string, choose: Choose, random: RandomBytes): SecurityGroupRule[] {
  const rules = Array.from({ length: choose.int(4) }, () => randomRule(doc, vpcId, "ingress", choose, random));
  if (choose.chance(0.65)) {
    rules.push({ id: newRuleId(random), direction: "egress", protocol: "all", ports: null, peer: { cidr: EVERYWHERE }, description: "" });
  } else rules.push(...Array.from({ length: choose.int(4) }, () => randomRule(doc, vpcId, "egress", choose, random)));
  return withoutTwins(rules);
}

export function withoutTwins(rules: readonly SecurityGroupRule[]): SecurityGroupRule[] {
  const seen = new Set<string>();
  return rules.filter((rule) => !seen.has(contentOf(rule)) && seen.add(contentOf(rule)));
}

export function randomEntry(doc: Topology, vpcId: string, direction: Direction, number: number, choose: Choose): NetworkAclEntry {
  return {
    direction, number, action: choose.chance(0.6) ? "allow" : "deny", ...randomTraffic(choose), cidr: randomPrefix(doc, vpcId, choose),
  };
}

/** Entries of an ACL: open but for some denials; closed but for a service, with the way back mostly not forgotten; anything; none. */
export function randomEntries(doc: Topology, vpcId: string, choose: Choose): NetworkAclEntry[] {
  const style = choose.int(10);
  if (style === 0) return [];
  if (style < 5) return DIRECTIONS.flatMap((direction) => [
    ...Array.from({ length: choose.int(3) }, (_, n): NetworkAclEntry => ({ ...randomEntry(doc, vpcId, direction, 10 + n * 10, choose), action: "deny" })),
    allow(direction, 100, "all", null),
  ]);
  if (style < 8) return DIRECTIONS.flatMap((direction) => [
    { ...randomEntry(doc, vpcId, direction, 100, choose), action: "allow" as const },
    ...(choose.chance(0.5) ? [allow(direction, 110, "icmp", null)] : []),
    ...(choose.chance(0.8) ? [allow(direction, 120, choose.of(["tcp", "tcp", "udp"]), { ...choose.of(EPHEMERAL) })] : []),
  ]);
  return DIRECTIONS.flatMap((direction) => Array.from({ length: choose.int(5) }, (_, n) => randomEntry(doc, vpcId, direction, 1 + n * 7, choose)));
}

const allow = (direction: Direction, number: number, protocol: Protocol, ports: PortRange | null): NetworkAclEntry =>
  ({ direction, number, action: "allow", protocol, ports, cidr: EVERYWHERE });

export const randomFirewallRule = (doc: Topology, vpcId: string, direction: Direction, choose: Choose): FirewallRule => ({
  direction, action: choose.chance(0.6) ? "allow" : "deny", ...randomTraffic(choose), cidr: randomPrefix(doc, vpcId, choose),
  description: choose.of(["", "", "from the policy"]),
});

/** Open but for some denials, closed but for some services, anything; with the same rule never twice. Sometimes none: null. */
export function randomFirewall(doc: Topology, vpcId: string, choose: Choose): Firewall | null {
  if (choose.chance(0.15)) return null;
  const style = choose.int(3);
  const ofDirection = (direction: Direction) => Array.from({ length: choose.int(5) }, (): FirewallRule => {
    const made = randomFirewallRule(doc, vpcId, direction, choose);
    return style === 0 && choose.chance(0.8) ? { ...made, action: "deny" } : style === 1 && choose.chance(0.8) ? { ...made, action: "allow" } : made;
  });
  const usual = (["allow", "deny"] as const)[style] ?? choose.of(["allow", "deny"]);
  return {
    defaults: { ingress: usual, egress: choose.chance(0.6) ? "allow" : choose.of(["allow", "deny"]) },
    rules: withoutFirewallTwins(choose.chance(0.5) ? DIRECTIONS.flatMap(ofDirection) : [...DIRECTIONS].reverse().flatMap(ofDirection)),
  };
}

export function withoutFirewallTwins(rules: readonly FirewallRule[]): FirewallRule[] {
  const seen = new Set<string>();
  return rules.filter((rule) => !seen.has(firewallRuleKey(rule)) && seen.add(firewallRuleKey(rule)));
}

/** A route that a table of the VPC might have; `null` when the VPC has nothing to route to. It may still be refused (a loop). */
export function randomRoute(doc: Topology, vpcId: string, choose: Choose): DrawnRoute | null {
  const index = indexTopology(doc);
  const ids = (objects: readonly { id: string }[]) => objects.map((object) => object.id);
  const subnets = index.subnetsOfVpc(vpcId);
  const targets: DrawnRoute["target"][] = [
    ...ids(doc.internetGateways.filter((gateway) => gateway.vpcId === vpcId)).map((id) => ({ kind: "internet-gateway" as const, id })),
    ...ids(subnets.flatMap((subnet) => index.natGatewaysOfSubnet(subnet.id))).map((id) => ({ kind: "nat-gateway" as const, id })),
    ...ids(index.peeringsOfVpc(vpcId)).map((id) => ({ kind: "peering" as const, id })),
    ...ids(subnets.flatMap((subnet) => index.instancesOfSubnet(subnet.id))).filter(() => choose.chance(0.4)).map((id) => ({ kind: "instance" as const, id })),
  ];
  const target = choose.maybe(targets);
  if (!target) return null;
  const peering = index.peeringById.get(target.id);
  const peerId = peering?.requesterVpcId === vpcId ? peering.accepterVpcId : peering?.requesterVpcId;
  const peerCidr = index.vpcById.get(peerId ?? "")?.cidr;
  const destinations = target.kind === "peering"
    ? [peerCidr ?? EVERYWHERE, peerCidr ?? EVERYWHERE, EVERYWHERE]
    : [EVERYWHERE, EVERYWHERE, EVERYWHERE, choose.of(INTERNET), ...doc.vpcs.filter((vpc) => vpc.id !== vpcId).map((vpc) => vpc.cidr),
      ...(target.kind === "internet-gateway" ? [] : subnets.map((subnet) => subnet.cidr))];
  return { destination: choose.of(destinations), target };
}

export const randomPublishedPort = (choose: Choose): PublishedPort =>
  ({ protocol: choose.of(["tcp", "udp"]), hostPort: 10_000 + choose.int(50), port: choose.of(INTERESTING_PORTS) });
