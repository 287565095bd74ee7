import { AppError } from "@vpclab/shared/errors/app-error";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Edit } from "./lab";

export { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";

/** The document that an edit makes of another; the same one where there is nothing to change. Throws AppError with the edit's issues. */
export function editedDocument(before: Topology, edit: Edit): Topology {
  const command = edit(before);
  if (!command.ok) throw AppError.fromIssues(command.error);
  if (command.value === null) return before;
  const result = applyEdit(before, command.value);
  if (!result.ok) throw AppError.fromIssues(result.error);
  return result.value.document;
}
