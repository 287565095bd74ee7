import { diffTopologies } from "@vpclab/shared/topology/diff";
import type { Difference } from "@vpclab/shared/topology/diff";
import type { Layout } from "@vpclab/shared/topology/layout";
import type { ObjectKind, Topology, TopologyObject } from "@vpclab/shared/topology/topology";
import { COLLECTION } from "@vpclab/shared/topology/topology";
import { vpcIdOf } from "./scene";
import { indexTopology } from "@vpclab/shared/topology/topology-index";

/** A document and where its boxes stand. */
export interface Drawing {
  readonly document: Topology;
  readonly layout: Layout;
}

export type Change = Difference["change"];

export interface Comparison {
  /** The later drawing, and in it what of the earlier one is gone. To be looked at only: it need not be a valid document. */
  readonly drawing: Drawing;
  readonly differences: readonly Difference[];
}

/** Two revisions in one drawing. */
export function compareDocuments(before: Drawing, after: Drawing): Comparison {
  const differences = diffTopologies(before.document, after.document);
  const removed = new Set(differences.filter(({ change }) => change === "removed").map(({ id }) => id));
  let document = after.document;
  if (removed.size > 0) {
    for (const kind of Object.keys(COLLECTION) as ObjectKind[]) {
      const gone = (before.document[COLLECTION[kind]] as readonly TopologyObject[]).filter(({ id }) => removed.has(id));
      if (gone.length > 0) document = { ...document, [COLLECTION[kind]]: [...document[COLLECTION[kind]], ...gone] };
    }
  }
  return { drawing: { document, layout: { ...before.layout, ...after.layout } }, differences };
}

/** What has no box of its own (tables, groups, ACLs, Elastic IPs) is told of at its VPC. */
export function changesByVpc(document: Topology, differences: readonly Difference[], hasPlace: (id: string) => boolean): ReadonlyMap<string, readonly Difference[]> {
  const index = indexTopology(document);
  const byVpc = new Map<string, Difference[]>();
  for (const difference of differences) {
    if (hasPlace(difference.id)) continue;
    const vpcId = vpcIdOf(index, difference.id);
    if (vpcId !== null) byVpc.set(vpcId, [...(byVpc.get(vpcId) ?? []), difference]);
  }
  return byVpc;
}
