import type { Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import { validateTopology } from "../topology/validate";
import { aclHints } from "./acl-hints";
import { addressHints } from "./address-hints";
import { fixOf } from "./fix-of-warning";
import { groupHints } from "./group-hints";
import type { Hint } from "./hint";
import { routingHints } from "./routing-hints";
import { unusedHints } from "./unused-hints";

/**
 * All hints about a topology, each with what one click can do about it: the warnings of validation, and what costs too much
 * to look for at every edit. For valid documents. Order: as the sources stand here, each in the order of the document.
 */
export function hintsOf(doc: Topology): Hint[] {
  const index = indexTopology(doc);
  const warnings = validateTopology(doc).flatMap((issue): Hint[] => {
    if (issue.severity !== "warning" || issue.objectId === undefined) return [];
    const { code, objectId, path, message } = issue;
    return [{ code, objectId, path, message, fix: fixOf({ code, objectId, path }, doc, index) }];
  });
  return [...warnings, ...addressHints(doc, index), ...routingHints(doc, index), ...groupHints(doc, index), ...aclHints(doc, index), ...unusedHints(doc, index)];
}
