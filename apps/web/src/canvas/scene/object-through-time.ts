import { diffTopologies } from "@vpclab/shared/topology/diff";
import type { Difference } from "@vpclab/shared/topology/diff";
import type { ObjectKind, Topology, TopologyObject } from "@vpclab/shared/topology/topology";
import { findObject } from "@vpclab/shared/topology/topology-index";

/** One object at the revision that is shown, beside another state of the drawing. */
export interface ObjectThroughTime {
  readonly kind: ObjectKind;
  readonly object: TopologyObject;
  /** Whose words `object` is in: it need not be there at the revision that is shown. */
  readonly document: Topology;
  readonly isThere: boolean;
  readonly isInOther: boolean;
  /** From the earlier of the two to the later; null where nothing differs, or only one has it. */
  readonly difference: Difference | null;
}

/** Null for an id that neither of them knows. `otherIsLater` says which way differences are told. */
export function objectThroughTime(shown: Topology, other: Topology, otherIsLater: boolean, id: string): ObjectThroughTime | null {
  const [here, there] = [findObject(shown, id), findObject(other, id)];
  const found = here ?? there;
  if (!found) return null;
  const differences = here && there ? diffTopologies(otherIsLater ? shown : other, otherIsLater ? other : shown) : [];
  return {
    kind: found.kind, object: found.object, document: here ? shown : other, isThere: here !== null, isInOther: there !== null,
    difference: differences.find((difference) => difference.id === id) ?? null,
  };
}
