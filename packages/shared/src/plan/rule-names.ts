import { firewallRuleKey, GATE_WORD } from "../topology/firewall-rule-key";
import type { Direction, FirewallRule } from "../topology/topology";

/**
 * What rules are called in the kernel: as comment of the rule and, behind `c-`, as name of its counter. A group's rule is called
 * by its own id.
 */
export const aclEntryName = (aclId: string, direction: Direction, number: number | "rest"): string => `${aclId}-${GATE_WORD[direction]}-${number}`;

/** The same wherever the rule stands in its list. */
export const firewallRuleName = (rule: FirewallRule): string => `fw-${firewallRuleKey(rule)}`;
export const firewallDefaultName = (direction: Direction): string => `fw-${GATE_WORD[direction]}-default`;
