import { ok } from "@vpclab/shared/errors/result";
import { allowAllRule } from "@vpclab/shared/topology/new-defaults";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { NO_CHANGE, random, refuse, type Edit } from "./edit";
import { find } from "./place";

/** The VPC's default group lets its members in, as it does from the start: a rule that was taken out comes back. */
export const openVpc = (name: string): Edit => (doc) => {
  const vpc = find(doc, "vpc", { name });
  if (!vpc.ok) return vpc;
  const group = indexTopology(doc).groupById.get(vpc.value.defaultSecurityGroupId);
  if (!group) return refuse("REF_UNKNOWN", `“${name}” has no default group.`);
  const isOpen = group.rules.some(({ direction, protocol, peer }) => direction === "ingress" && protocol === "all" &&
    ("cidr" in peer ? peer.cidr === vpc.value.cidr : "securityGroupId" in peer && peer.securityGroupId === group.id));
  if (isOpen) return NO_CHANGE;
  const rule = allowAllRule("ingress", { securityGroupId: group.id }, random);
  return ok({ op: "update", kind: "security-group", id: group.id, set: { rules: [...group.rules, rule] } });
};
