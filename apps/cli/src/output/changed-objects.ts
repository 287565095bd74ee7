import { readableName } from "@vpclab/shared/plan/describe-object";
import { diffTopologies, type FieldChange } from "@vpclab/shared/topology/diff";
import type { ObjectKind, Topology } from "@vpclab/shared/topology/topology";
import { findObject, indexTopology } from "@vpclab/shared/topology/topology-index";
import type { Deployment, ObjectState } from "@vpclab/shared/wire/live";

/** One object that an edit changed, as `--json` prints it. */
export interface ChangedObject {
  readonly kind: ObjectKind;
  readonly id: string;
  /** With its place, e.g. `prod/public/main`. */
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  readonly fields: readonly FieldChange[];
  /** As seen in the kernel afterwards; null where nothing was applied. */
  readonly state: ObjectState | null;
  readonly reason: string | null;
}

export interface ChangedDocument {
  readonly before: Topology;
  readonly after: Topology;
  /** null: nothing was applied. */
  readonly deployment: Deployment | null;
}

export function changedObjects({ before, after, deployment }: ChangedDocument): ChangedObject[] {
  return diffTopologies(before, after).map(({ kind, id, name, change, fields }) => {
    const status = deployment?.objects[id];
    const doc = change === "removed" ? before : after;
    const found = findObject(doc, id);
    return {
      kind, id, change, fields,
      name: found ? readableName(found.kind, found.object as never, indexTopology(doc)) : name,
      state: deployment === null ? null : status?.state ?? "absent",
      reason: status?.reason ?? null,
    };
  });
}
