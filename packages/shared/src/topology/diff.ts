import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { objectsOf } from "./topology-index";

/** One object that differs between two documents. */
export interface Difference {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  /** For `changed`: the fields, with their values before and after as text. */
  readonly fields: readonly { readonly field: string; readonly before: string; readonly after: string }[];
}

export function diffTopologies(before: Topology, after: Topology): Difference[] {
  const old = new Map([...objectsOf(before)].map((found) => [found.object.id, found]));
  const differences: Difference[] = [];
  for (const { kind, object } of objectsOf(after)) {
    const previous = old.get(object.id);
    old.delete(object.id);
    const at = { kind, id: object.id, name: object.name };
    if (!previous) differences.push({ ...at, change: "added", fields: [] });
    else {
      const fields = changedFields(previous.object, object);
      if (fields.length > 0) differences.push({ ...at, change: "changed", fields });
    }
  }
  for (const { kind, object } of old.values()) {
    differences.push({ kind, id: object.id, name: object.name, change: "removed", fields: [] });
  }
  return differences;
}

const KIND_WORD: Record<ObjectKind, string> = {
  vpc: "VPC", subnet: "subnet", instance: "instance", "internet-gateway": "internet gateway", peering: "peering connection",
};

export const kindWord = (kind: ObjectKind): string => KIND_WORD[kind];

/** A difference in words, e.g. `subnet “public”: cidr 10.0.1.0/24 → 10.0.9.0/24`. */
export function describeDifference(difference: Difference): string {
  const subject = `${KIND_WORD[difference.kind]} “${difference.name}”`;
  if (difference.change !== "changed") return `${subject} ${difference.change}`;
  return `${subject}: ${difference.fields.map(({ field, before, after }) => `${field} ${before} → ${after}`).join(", ")}`;
}

function changedFields(before: TopologyObject, after: TopologyObject): Difference["fields"] {
  const old = before as unknown as Record<string, unknown>;
  return Object.entries(after)
    .filter(([field, value]) => text(value) !== text(old[field]))
    .map(([field, value]) => ({ field, before: text(old[field]), after: text(value) }));
}

const text = (value: unknown): string => (typeof value === "string" ? value : value === null ? "off" : JSON.stringify(value));
