import type { ObjectState, ObjectStatus } from "@vpclab/shared/wire/live";
import type { Output } from "./output";

/** Shows how far an apply is: `create VPC “prod”: 3 of 7 objects in place`. In a pipe a line only where something fails. */
export function applyProgress(out: Output, doing: string): (objects: Readonly<Record<string, ObjectStatus>>) => void {
  const seen = new Map<string, ObjectState>();
  return (objects) => {
    const failed: string[] = [];
    for (const [id, { state, reason }] of Object.entries(objects)) {
      if (state === "failed" && seen.get(id) !== "failed") failed.push(`${id}: failed${reason ? `: ${reason}` : ""}`);
      seen.set(id, state);
    }
    const states = [...seen.values()];
    out.progress.update(`${doing}: ${states.filter((state) => state === "in-place").length} of ${states.length} objects in place`, failed);
  };
}
