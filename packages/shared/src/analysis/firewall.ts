import type { Direction, Firewall, FirewallRule } from "../topology/topology";
import { decideInOrder, type OrderedRules, orderedRules } from "./ordered-rules";
import type { Packet } from "./packet";

/** A subnet's firewall, in the namespaces of its instances. */
export interface FirewallGate {
  readonly firewall: Firewall;
  readonly rules: OrderedRules<FirewallRule>;
}

/** A rule as people count them: `number` is its place, from 1, among those of its direction. */
export interface NumberedRule {
  readonly number: number;
  readonly rule: FirewallRule;
}
export interface FirewallDecision {
  readonly pass: boolean;
  /** null: the direction's default. */
  readonly by: NumberedRule | null;
}

export const firewallGate = (firewall: Firewall): FirewallGate => ({ firewall, rules: orderedRules(firewall.rules) });

/** For a new packet: what belongs to a connection that was let through is not asked. */
export function decideFirewall({ firewall, rules }: FirewallGate, direction: Direction, packet: Packet): FirewallDecision {
  const { pass, by } = decideInOrder(rules, firewall.defaults[direction], direction, packet);
  return { pass, by: by && { number: rules[direction].findIndex(({ drawn }) => drawn === by) + 1, rule: by } };
}
