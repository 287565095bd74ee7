import { ok } from "@vpclab/shared/errors/result";
import { diffTopologies } from "@vpclab/shared/topology/diff";
import { editBetween } from "@vpclab/shared/topology/edit-between";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { endEmptyTopology } from "./lab/end-empty-topology";
import type { ChangeResult, Lab } from "./lab/lab";

/** Something that the edit made or changed could not be put in place. A host that is away says nothing of that kind. */
export const hasFailed = ({ before, after, deployment }: ChangeResult): boolean =>
  diffTopologies(before, after).some(({ id }) => deployment.objects[id]?.state === "failed");

/**
 * Undoes what a failed create saved, so that nothing of it is left, in the drawing and on the host. Answers false where the
 * drawing was changed by somebody else meanwhile: then it stays. Throws AppError.
 */
export async function takeBack(lab: Lab, topology: string, { before, after }: ChangeResult): Promise<boolean> {
  let isOurs = true;
  const edit = (document: typeof after) => {
    isOurs = diffTopologies(document, after).length === 0;
    return ok(isOurs ? editBetween(document, before) : null);
  };
  await lab.change(topology, edit, { create: false });
  if (isOurs && objectsOf(before).next().done) await endEmptyTopology(lab, topology);
  return isOurs;
}
