import { diffTopologies, type FieldChange } from "@vpclab/shared/topology/diff";
import type { ObjectKind, Topology } from "@vpclab/shared/topology/topology";
import { namesOfObjects } from "@vpclab/shared/topology/object-names";
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
  const paths = new Map([...namesOfObjects(before), ...namesOfObjects(after)].map(({ object, path }) => [object.id, path]));
  return diffTopologies(before, after).map(({ kind, id, name, change, fields }) => {
    const status = deployment?.objects[id];
    return {
      kind, id, change, fields,
      name: paths.get(id) ?? name,
      state: deployment === null ? null : status?.state ?? "absent",
      reason: status?.reason ?? null,
    };
  });
}
