import type { CreateCommand, EditCommand, SingleCommand, UpdateCommand } from "./edit-command";
import { removeObject } from "./edit-remove";
import { inOrderOfId } from "./order";
import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { COLLECTION } from "./topology";

const KINDS = Object.keys(COLLECTION) as ObjectKind[];
/**
 * Containers first: what goes with them needs no command. Then what refers before what is referred to: a gateway stays while
 * routes lead to it and Elastic IPs need it (edit-refusals.ts).
 */
const DELETION_ORDER: readonly ObjectKind[] = [
  "vpc", "subnet", "peering", "network-acl", "security-group", "route-table", "elastic-ip", "nat-gateway", "internet-gateway", "instance",
];

/**
 * The command that takes `before` to `after`, two valid documents; null when they are the same. What has the same id in both is
 * the same object: its VPC (a peering's ends, a VPC's default group and ACL) must be the same too, because no edit changes those.
 * First what is new is created, then what differs is set, then what is gone is deleted.
 */
export function editBetween(before: Topology, after: Topology): EditCommand | null {
  const created: SingleCommand[] = [];
  const updated: SingleCommand[] = same(before.settings, after.settings) ? [] : [{ op: "settings", set: { ...(before.settings.note === undefined ? {} : { note: "" }), ...after.settings } }];
  let joined: Topology = { ...after };
  for (const kind of KINDS) {
    const collection = COLLECTION[kind];
    if (before[collection] === after[collection]) continue;
    const old = new Map<string, TopologyObject>(before[collection].map((object) => [object.id, object]));
    for (const object of after[collection]) {
      const previous = old.get(object.id);
      old.delete(object.id);
      if (!previous) created.push({ op: "create", kind, object } as CreateCommand);
      else updated.push(...updateOf(kind, previous, object));
    }
    if (old.size > 0) joined = { ...joined, [collection]: inOrderOfId<TopologyObject>([...after[collection], ...old.values()]) };
  }
  return oneCommand([...created, ...updated, ...deletionsTo(joined, after)]);
}

/** From a document that holds all of `after` and more: what must go, and what a deletion took along that stays in `after`. */
function deletionsTo(joined: Topology, after: Topology): SingleCommand[] {
  const commands: SingleCommand[] = [];
  let rest = joined;
  for (const kind of DELETION_ORDER) {
    const collection = COLLECTION[kind];
    if (rest[collection] === after[collection]) continue;
    const stays = new Set(after[collection].map((object) => object.id));
    for (const { id } of rest[collection].filter((object) => !stays.has(object.id))) {
      commands.push({ op: "delete", id });
      rest = removeObject(rest, id) ?? rest;
    }
  }
  // E.g. the route for a subnet's block, where another subnet has that block now.
  const changed = KINDS.flatMap((kind) => {
    const now = new Map<string, TopologyObject>(rest[COLLECTION[kind]].map((object) => [object.id, object]));
    return after[COLLECTION[kind]].flatMap((object) => updateOf(kind, now.get(object.id) ?? object, object));
  });
  return [...commands, ...changed];
}

function updateOf(kind: ObjectKind, before: TopologyObject, after: TopologyObject): UpdateCommand[] {
  if (before === after) return [];
  const old = before as unknown as Record<string, unknown>;
  const fields = Object.entries(after).filter(([field, value]) => !same(value, old[field]));
  return fields.length === 0 ? [] : [{ op: "update", kind, id: after.id, set: Object.fromEntries(fields) } as UpdateCommand];
}

function oneCommand(commands: SingleCommand[]): EditCommand | null {
  const [only, ...more] = commands;
  if (!only) return null;
  return more.length === 0 ? only : { op: "batch", commands };
}

/** Both come from one schema, so their keys stand in one order. */
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
