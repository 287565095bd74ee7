import type { Firewall, FirewallRule, NetworkAclEntry, PortRange, Protocol, SecurityGroupRule } from "./topology";

/** The name drawn for an id; the id itself where there is none any more. */
export type NameOf = (id: string) => string;

/** Protocol and ports, e.g. `tcp 80`, `udp 1000–2000`, `icmp`, `all traffic`. */
export function describeTraffic(protocol: Protocol, ports: PortRange | null): string {
  if (protocol === "all") return "all traffic";
  if (!ports) return protocol;
  return ports.from === ports.to ? `${protocol} ${ports.from}` : `${protocol} ${ports.from}–${ports.to}`;
}

/** A rule of a security group, e.g. `tcp 8080 from 0.0.0.0/0`, `all traffic to group “db”`. */
export function describeRule(rule: SecurityGroupRule, nameOf: NameOf): string {
  const way = rule.direction === "ingress" ? "from" : "to";
  const { peer } = rule;
  const end = "cidr" in peer ? peer.cidr
    : "securityGroupId" in peer ? `group “${nameOf(peer.securityGroupId)}”`
    : `a group that is gone (${peer.goneSecurityGroupId})`;
  return `${describeTraffic(rule.protocol, rule.ports)} ${way} ${end}`;
}

/** An entry of a network ACL without its number, e.g. `allow tcp 80 from 0.0.0.0/0`. */
export const describeEntry = (entry: NetworkAclEntry): string =>
  `${entry.action} ${describeTraffic(entry.protocol, entry.ports)} ${entry.direction === "ingress" ? "from" : "to"} ${entry.cidr}`;

/** A rule of a subnet's firewall, e.g. `deny tcp 22 from 0.0.0.0/0`. */
export const describeFirewallRule = (rule: FirewallRule): string =>
  `${rule.action} ${describeTraffic(rule.protocol, rule.ports)} ${rule.direction === "ingress" ? "from" : "to"} ${rule.cidr}`;

/** A subnet's firewall in one line, e.g. `allow tcp 80 from 0.0.0.0/0, then deny what comes in, allow what goes out`. */
export const describeFirewall = ({ rules, defaults }: Firewall): string =>
  [...rules.map(describeFirewallRule), `then ${defaults.ingress} what comes in, ${defaults.egress} what goes out`].join(", ");
