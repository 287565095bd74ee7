import type { SecurityGroup } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

/** Ids of groups' rules in a sentence of the analysis, as the inspector counts them: `sgr-0a1b…` becomes `rule 2`. */
export const ruleInWords = (index: TopologyIndex, text: string): string =>
  text.replace(/\bsgr-[0-9a-f]{8,17}\b/g, (id) => {
    for (const group of index.groupById.values()) {
      const number = numberOf(group, id);
      if (number !== null) return `rule ${number}`;
    }
    return id;
  });

/** The rule of an object that decided, as its inspector calls it: `ingress rule 2`, `ingress 100`, `0.0.0.0/0`. */
export function decidingRule(index: TopologyIndex, objectId: string, rule: string): string {
  const group = index.groupById.get(objectId);
  const number = group ? numberOf(group, rule) : null;
  return number === null ? rule : `${group!.rules.find(({ id }) => id === rule)!.direction} rule ${number}`;
}

/** Each direction is a list of its own there, counted from 1. */
function numberOf(group: SecurityGroup, ruleId: string): number | null {
  const direction = group.rules.find(({ id }) => id === ruleId)?.direction;
  return direction === undefined ? null : group.rules.filter((rule) => rule.direction === direction).findIndex(({ id }) => id === ruleId) + 1;
}
