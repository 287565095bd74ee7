import type { CreateCommand, EditCommand, SingleCommand, UpdateCommand } from "./edit-command";
import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { COLLECTION } from "./topology";

/** What changes nothing: the inverse of an edit that changed nothing. */
const NOTHING: SingleCommand = { op: "settings", set: {} };

/**
 * The command that takes `after` back to `before`, two valid documents. First what is missing is created (containers first),
 * then what differs is set back, then what is new is deleted (contents first): by then nothing that stays refers to it.
 */
export function inverseOf(before: Topology, after: Topology): EditCommand {
  const created: SingleCommand[] = [];
  const updated: SingleCommand[] = [];
  const deleted: SingleCommand[] = [];
  for (const kind of Object.keys(COLLECTION) as ObjectKind[]) {
    if (before[COLLECTION[kind]] === after[COLLECTION[kind]]) continue;
    const now = new Map<string, TopologyObject>(after[COLLECTION[kind]].map((object) => [object.id, object]));
    for (const object of before[COLLECTION[kind]]) {
      const current = now.get(object.id);
      now.delete(object.id);
      if (!current) created.push({ op: "create", kind, object } as CreateCommand);
      else if (current !== object) updated.push(...setBack(kind, object, current));
    }
    deleted.unshift(...[...now.keys()].map((id) => ({ op: "delete" as const, id })));
  }
  if (!same(before.settings, after.settings)) updated.push({ op: "settings", set: before.settings });
  const [only = NOTHING, ...more] = [...created, ...updated, ...deleted];
  return more.length === 0 ? only : { op: "batch", commands: [only, ...more] };
}

function setBack(kind: ObjectKind, before: TopologyObject, after: TopologyObject): UpdateCommand[] {
  const now = after as unknown as Record<string, unknown>;
  const fields = Object.entries(before).filter(([field, value]) => !same(value, now[field]));
  return fields.length === 0 ? [] : [{ op: "update", kind, id: before.id, set: Object.fromEntries(fields) } as UpdateCommand];
}

/** Both come from one schema, so their keys stand in one order. */
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
