import type { FieldPath, Issue } from "../errors/issue";
import { describeFirewallRule } from "./describe-rule";
import { firewallRuleKey } from "./firewall-rule-key";
import type { FirewallRule, Subnet, Topology } from "./topology";
import { validatePrefix } from "./validate-cidr";
import { shadowedItems } from "./validate-order";
import { validateTraffic } from "./validate-rules";

/** Firewalls of subnets: each rule by itself, none twice, and a hint where one never decides. */
export const validateFirewalls = (doc: Topology): Issue[] =>
  doc.subnets.flatMap((subnet, i) => (subnet.firewall ? validateList(subnet, subnet.firewall.rules, ["subnets", i, "firewall", "rules"]) : []));

function validateList(subnet: Subnet, rules: readonly FirewallRule[], path: FieldPath): Issue[] {
  const errors = rules.flatMap((rule, j) => validateRule(rule, [...path, j], subnet.id));
  const known = new Set<string>();
  for (const [j, rule] of rules.entries()) {
    const key = firewallRuleKey(rule);
    if (known.has(key)) {
      errors.push({
        severity: "error", code: "RULE_DUPLICATE", path: [...path, j], objectId: subnet.id,
        message: `The firewall of “${subnet.name}” has this very rule already (${describeFirewallRule(rule)}); delete one of the two.`,
      });
    }
    known.add(key);
  }
  return errors.length > 0 ? errors : hintsFor(subnet, rules, path);
}

const validateRule = (rule: FirewallRule, path: FieldPath, objectId: string): Issue[] =>
  [...validateTraffic(rule.protocol, rule.ports, () => path, objectId), ...validatePrefix(rule.cidr, [...path, "cidr"], objectId)];

function hintsFor(subnet: Subnet, rules: readonly FirewallRule[], path: FieldPath): Issue[] {
  return shadowedItems(rules).map(({ late, early }): Issue => ({
    severity: "warning", code: "RULE_SHADOWED", path: [...path, rules.indexOf(late)], objectId: subnet.id,
    message: `“${describeFirewallRule(late)}” never decides: “${describeFirewallRule(early)}” comes first and matches the same; move it up or delete it.`,
  }));
}
