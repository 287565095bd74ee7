import type { Issue } from "../errors/issue";
import type { Topology } from "./topology";
import { COLLECTION } from "./topology";
import type { TopologyIndex } from "./topology-index";
import { objectsOf } from "./topology-index";
import { validateLimits } from "./validate-limits";
import { validatePeerings } from "./validate-peerings";
import { validateReferences } from "./validate-references";

/** Ids, references, counts, and who may be joined to whom; nothing about names and addresses. */
export const validateGraph = (doc: Topology, index: TopologyIndex): Issue[] => [
  ...validateLimits(doc, index), ...duplicateIds(doc), ...validateReferences(doc, index), ...gateways(doc), ...validatePeerings(doc, index),
];

/** Of objects, and of rules: their counters are found by it. */
function duplicateIds(doc: Topology): Issue[] {
  const seen = new Set<string>();
  const issues: Issue[] = [];
  const see = (id: string, path: Issue["path"], objectId: string) => {
    if (seen.has(id)) {
      issues.push({ severity: "error", code: "ID_DUPLICATE", path, objectId, message: `The id ${id} is used twice; everything needs its own.` });
    }
    seen.add(id);
  };
  for (const { kind, object, index } of objectsOf(doc)) see(object.id, [COLLECTION[kind], index, "id"], object.id);
  for (const [i, group] of doc.securityGroups.entries()) {
    for (const [j, rule] of group.rules.entries()) see(rule.id, ["securityGroups", i, "rules", j, "id"], group.id);
  }
  return issues;
}

function gateways(doc: Topology): Issue[] {
  const attached = new Set<string>();
  return doc.internetGateways.flatMap((gateway, i): Issue[] => {
    if (!attached.has(gateway.vpcId)) {
      attached.add(gateway.vpcId);
      return [];
    }
    return [{
      severity: "error", code: "IGW_DUPLICATE", path: ["internetGateways", i, "vpcId"], objectId: gateway.id,
      message: "This VPC already has an internet gateway; a VPC has at most one.",
    }];
  });
}
