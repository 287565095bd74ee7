import { kindWord } from "./diff";
import type { CreateCommand, EditCommand, SingleCommand, UpdateCommand } from "./edit-command";
import { withDependents } from "./edit-remove";
import { mergeList, same } from "./merge-list";
import type { Preference } from "./merge-list";
import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { findObject } from "./topology-index";

/** Both sides have a say in the same thing. */
export interface Collision {
  /** Of the object; null: the topology's settings. */
  readonly objectId: string | null;
  /** In one sentence. */
  readonly sentence: string;
}

export interface MergedEdit {
  /** null: nothing of it is left to do. */
  readonly command: EditCommand | null;
  readonly collisions: readonly Collision[];
}

interface Sides {
  /** What both sides began with. */
  readonly origin: Topology;
  /** What the others made of it. */
  readonly theirs: Topology;
  readonly prefer: Preference;
  readonly collisions: Collision[];
}

/**
 * An edit that was made on `origin`, as it has to read on `theirs`, so that nothing of what the others did since is taken back.
 * Objects and fields that one side alone has touched never collide; of routes, rules, entries and ports each counts by itself.
 * Pure; whether the result is accepted is for `applyEdit` to say.
 */
export function mergeEdit(origin: Topology, theirs: Topology, command: EditCommand, prefer: Preference): MergedEdit {
  const sides: Sides = { origin, theirs, prefer, collisions: [] };
  if (origin === theirs) return { command, collisions: [] };
  const commands = (command.op === "batch" ? command.commands : [command]).flatMap((single) => mergeOne(sides, single));
  const [only, ...more] = commands;
  return { command: only === undefined ? null : more.length === 0 ? only : { op: "batch", commands }, collisions: sides.collisions };
}

function mergeOne(sides: Sides, command: SingleCommand): SingleCommand[] {
  switch (command.op) {
    case "create": return [command];
    case "update": return mergeUpdate(sides, command);
    case "delete": return mergeDelete(sides, command.id, command);
    case "settings": {
      return [{ op: "settings", set: mergeFields(sides, null, [sides.origin.settings, sides.theirs.settings], command.set) }];
    }
  }
}

function mergeUpdate(sides: Sides, command: UpdateCommand): SingleCommand[] {
  const before = findObject(sides.origin, command.id);
  // Made by this side itself: nobody else knows it.
  if (!before) return [command];
  const now = findObject(sides.theirs, command.id);
  if (!now) {
    collide(sides, before, "was deleted meanwhile, and is changed here.");
    return sides.prefer === "theirs" ? [] : [{ op: "create", kind: before.kind, object: { ...before.object, ...command.set } } as CreateCommand];
  }
  return [{ ...command, set: mergeFields(sides, before, [before.object, now.object], command.set) } as UpdateCommand];
}

type Found = { readonly kind: ObjectKind; readonly object: TopologyObject };

function mergeFields(sides: Sides, of: Found | null, [before, now]: readonly [object, object], set: object): Record<string, unknown> {
  const [old, theirs] = [before, now] as [Record<string, unknown>, Record<string, unknown>];
  // What they have said is set again where this side says nothing else: an earlier command of this side may have set it otherwise.
  return Object.fromEntries(Object.entries(set).map(([field, mine]: [string, unknown]): [string, unknown] => {
    if (same(old[field], theirs[field])) return [field, mine];
    const list = mergeList(field, { origin: old[field], mine, theirs: theirs[field], prefer: sides.prefer });
    if (list) {
      if (list.collided) collide(sides, of, `has the same of its ${field} changed on both sides.`);
      return [field, list.merged];
    }
    if (same(mine, theirs[field]) || same(mine, old[field])) return [field, theirs[field]];
    collide(sides, of, `has its ${field} changed on both sides.`);
    return [field, sides.prefer === "mine" ? mine : theirs[field]];
  }));
}

/** A deletion takes along what is in the object: also what the others have put there or changed there meanwhile. */
function mergeDelete(sides: Sides, id: string, command: SingleCommand): SingleCommand[] {
  const before = findObject(sides.origin, id);
  if (!before) return [command];
  if (!findObject(sides.theirs, id)) return [];
  const touched = [...withDependents(sides.theirs, id)].filter((goneId) => !same(findObject(sides.origin, goneId)?.object, findObject(sides.theirs, goneId)?.object));
  if (touched.length === 0) return [command];
  const [first = ""] = touched;
  const what = findObject(sides.theirs, first);
  collide(sides, before, first === id || !what ? "is deleted here, and was changed meanwhile." : `is deleted here, and “${what.object.name}” in it was added or changed meanwhile.`);
  return sides.prefer === "mine" ? [command] : [];
}

function collide(sides: Sides, of: Found | null, what: string): void {
  const sentence = of ? `The ${kindWord(of.kind)} “${of.object.name}” ${what}` : `The topology ${what}`;
  if (!sides.collisions.some((known) => known.sentence === sentence)) sides.collisions.push({ objectId: of?.object.id ?? null, sentence });
}
