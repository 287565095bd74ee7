import type { JobFailure } from "@vpclab/shared/wire/live";
import type { Lab } from "./lab";

/**
 * Without a server a topology of nothing is nothing to keep: with the last one goes the sandbox, so that no namespace is left.
 * Answers why that could not be done; null otherwise. Throws AppError.
 */
export async function endEmptyTopology(lab: Lab, topology: string): Promise<JobFailure | null> {
  if (lab.place.kind !== "local") return null;
  return (await lab.teardown(topology)).failure;
}
