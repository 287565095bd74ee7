import { fieldWord, itemWord, LISTS, valueText } from "./diff";
import type { NameOf } from "./describe-rule";
import { subnetType } from "./subnet-type";
import type { Topology, TopologyObject } from "./topology";
import { indexTopology, objectsOf } from "./topology-index";

/** A field of an object and its value, both in words. */
export interface ObjectFact {
  readonly field: string;
  readonly text: string;
}
export interface ItemFact extends ObjectFact {
  /** Tells items of one object apart; of a group's rule it ends in the rule's id, behind a NUL. */
  readonly key: string;
}

export interface ObjectFacts {
  readonly fields: readonly ObjectFact[];
  /** Routes, rules, entries and ports, each by itself, in the document's order. */
  readonly items: readonly ItemFact[];
}

/** Everything that a document says of one of its objects, in the words that `diffTopologies` uses, with names instead of ids. */
export function objectFacts(document: Topology, object: TopologyObject): ObjectFacts {
  const names = new Map([...objectsOf(document)].map((found) => [found.object.id, found.object.name]));
  // One end of a peering with another topology lies in that one.
  const nameOf: NameOf = (id) => names.get(id) ?? ("remote" in object && object.remote ? object.remote.vpcName : id);
  const fields: ObjectFact[] = [];
  const items: ItemFact[] = [];
  for (const [field, value] of Object.entries(object) as [string, unknown][]) {
    if (field === "id" || field === "name") continue;
    const list = LISTS[field];
    if (!list) fields.push({ field: fieldWord(field), text: valueText(field, value, nameOf) });
    else for (const [key, text] of list(value, nameOf)) items.push({ key, field: itemWord(key), text });
  }
  const type = "networkAclId" in object ? [{ field: "type", text: subnetType(indexTopology(document), object) }] : [];
  return { fields: [...type, ...fields], items };
}
