import { ok } from "@vpclab/shared/errors/result";
import type { Firewall } from "@vpclab/shared/topology/topology";
import { NO_CHANGE, type Edit } from "./edit";
import { find, type Named } from "./place";

/** The subnet's list as a whole, so that applying a policy again leaves no rule of the one before; null takes it away. */
export const setFirewall = (named: Named, firewall: Firewall | null): Edit => (doc) => {
  const subnet = find(doc, "subnet", named);
  if (!subnet.ok) return subnet;
  if (JSON.stringify(subnet.value.firewall) === JSON.stringify(firewall)) return NO_CHANGE;
  return ok({ op: "update", kind: "subnet", id: subnet.value.id, set: { firewall } });
};
