import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { COLLECTION } from "./topology";

/** Objects are kept in order of id, so that a document is the same however it came about, and undo restores it exactly. */
export const inOrderOfId = <T extends { id: string }>(objects: readonly T[]): T[] =>
  [...objects].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

export function inOrder(doc: Topology): Topology {
  const ordered = (Object.keys(COLLECTION) as ObjectKind[]).map((kind) => [COLLECTION[kind], inOrderOfId<TopologyObject>(doc[COLLECTION[kind]])]);
  return { ...doc, ...Object.fromEntries(ordered) };
}
