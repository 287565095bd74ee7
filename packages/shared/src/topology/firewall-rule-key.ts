import type { FirewallRule } from "./topology";

/** What comes in and what goes out, in names of chains and counters. */
export const GATE_WORD = { ingress: "in", egress: "out" } as const;

/**
 * What a rule of a firewall says, as a word that a chain or a counter can be named by, e.g. `in-deny-tcp-22-0.0.0.0-0`. Unique
 * within a valid firewall, and the same wherever the rule stands in it.
 */
export function firewallRuleKey({ direction, action, protocol, ports, cidr }: FirewallRule): string {
  const range = ports === null ? [] : ports.from === ports.to ? [ports.from] : [ports.from, ports.to];
  return [GATE_WORD[direction], action, protocol, ...range, cidr.replace("/", "-")].join("-");
}
