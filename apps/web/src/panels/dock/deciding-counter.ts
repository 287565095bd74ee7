import type { Hop, Verdict } from "@vpclab/shared/analysis/verdict";
import { counterOf } from "@vpclab/shared/plan/rule-match";
import { firewallRuleKey, GATE_WORD } from "@vpclab/shared/topology/firewall-rule-key";
import { kindOfId } from "@vpclab/shared/topology/ids";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

/** Where the kernel counts what a rule has decided. */
export interface DecidingCounter {
  /** Object whose namespace holds the counter. */
  readonly objectId: string;
  readonly counter: string;
  /** Object that holds the rule. */
  readonly by: string;
}

/**
 * The counter of the rule that decided; where a route did, which nothing counts, of the group's rule that let the packet in last.
 * null: nothing on this way is counted.
 */
export function decidingCounter(index: TopologyIndex, { decision, there, back }: Verdict): DecidingCounter | null {
  const { objectId, rule } = decision;
  const hops = [...there, ...back];
  if (objectId !== null && rule !== null) {
    const found = counterOfRule(index, objectId, rule, hops);
    if (found) return found;
  }
  const last = there.filter(({ by }) => by !== null && kindOfId(by) === "security-group").at(-1);
  const ruleId = last && /\bsgr-[0-9a-f]{8,17}\b/.exec(last.note)?.[0];
  return last?.by && last.objectId !== null && ruleId ? { objectId: last.objectId, counter: counterOf(ruleId), by: last.by } : null;
}

function counterOfRule(index: TopologyIndex, objectId: string, rule: string, hops: readonly Hop[]): DecidingCounter | null {
  const at = hops.findLast(({ by }) => by === objectId)?.objectId ?? null;
  const [direction, number = ""] = rule.split(" ");
  const gate = direction === "ingress" || direction === "egress" ? GATE_WORD[direction] : null;
  switch (kindOfId(objectId)) {
    case "security-group": return at === null ? null : { objectId: at, counter: counterOf(rule), by: objectId };
    case "network-acl": return gate && { objectId, counter: counterOf(`${objectId}-${gate}-${/^\d+$/.test(number) ? number : "rest"}`), by: objectId };
    case "subnet": {
      const drawn = index.subnetById.get(objectId)?.firewall?.rules.filter((one) => one.direction === direction)[Number(number) - 1];
      const name = drawn ? `fw-${firewallRuleKey(drawn)}` : `fw-${gate}-default`;
      return at === null || !gate ? null : { objectId: at, counter: counterOf(name), by: objectId };
    }
    default: return null;
  }
}
