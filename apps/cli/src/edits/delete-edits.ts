import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { kindWord } from "@vpclab/shared/topology/diff";
import { withDependents } from "@vpclab/shared/topology/edit-remove";
import { OBJECT_KINDS, type ObjectKind, type Topology } from "@vpclab/shared/topology/topology";
import { findObject } from "@vpclab/shared/topology/topology-index";
import { NO_CHANGE, together, type Edit } from "./edit";
import { withoutAccess } from "./peer-edits";
import { find, type Named } from "./place";

/**
 * Deletes an object with everything in it. Of a VPC's peerings nothing is left in the peers either: no route, no rule. What is
 * not there: NOT_FOUND, or nothing to do with `ifExists`.
 */
export const deleteObject = (kind: ObjectKind, named: Named, ifExists: boolean): Edit => (doc) => {
  const found = find(doc, kind, named);
  if (!found.ok) return ifExists && isMissing(found) ? NO_CHANGE : found;
  const { id } = found.value;
  const peerings = doc.peerings.filter((peering) => withDependents(doc, id).has(peering.id));
  const access = peerings.flatMap((peering) => withoutAccess(doc, peering, [id]));
  return ok(together([...access, { op: "delete", id }]));
};

/** It is the object itself, or what it is in, that is not there. */
export const isMissing = (found: Result<unknown, readonly Issue[]>): boolean => !found.ok && found.error.every(({ code }) => code === "NOT_FOUND");

/** Kinds that nobody thinks of: each VPC has them, and they go without saying. */
const UNSAID: readonly ObjectKind[] = ["route-table", "security-group", "network-acl"];

/** What goes with an object, e.g. `2 subnets, 3 instances, peering connection “prod-dev”`; empty where nothing does. */
export function describeDependents(doc: Topology, id: string): string {
  const gone = [...withDependents(doc, id)].filter((goneId) => goneId !== id).flatMap((goneId) => findObject(doc, goneId) ?? []);
  return OBJECT_KINDS.filter((kind) => !UNSAID.includes(kind)).flatMap((kind) => {
    const [first, ...more] = gone.filter((found) => found.kind === kind);
    if (!first) return [];
    return more.length === 0 ? [`${kindWord(kind)} “${first.object.name}”`] : [`${more.length + 1} ${kindWord(kind)}s`];
  }).join(", ");
}
