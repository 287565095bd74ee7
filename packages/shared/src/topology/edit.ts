import type { Issue } from "../errors/issue";
import { isError } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import type { CreateCommand, EditCommand, SingleCommand, UpdateCommand } from "./edit-command";
import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { COLLECTION } from "./topology";
import { findObject } from "./topology-index";
import { validateTopology } from "./validate";

export interface Edited {
  readonly document: Topology;
  /** The command that takes `document` back to what it was, order of objects included. */
  readonly inverse: EditCommand;
}

/**
 * Applies one command as a whole or not at all. The result is always a valid topology; otherwise the issues say which
 * field of the changed document is wrong. Pure: the document passed in is never touched.
 */
export function applyEdit(doc: Topology, command: EditCommand): Result<Edited, Issue[]> {
  const edited = change(doc, command);
  if (!edited.ok) return edited;
  const errors = validateTopology(edited.value.document).filter(isError);
  return errors.length > 0 ? err(errors) : edited;
}

/** Applies commands one after the other; the first that is refused refuses them all. */
export function applyEdits(doc: Topology, commands: readonly EditCommand[]): Result<Topology, Issue[]> {
  let document = doc;
  for (const command of commands) {
    const edited = applyEdit(document, command);
    if (!edited.ok) return edited;
    document = edited.value.document;
  }
  return ok(document);
}

function change(doc: Topology, command: EditCommand): Result<Edited, Issue[]> {
  if (command.op !== "batch") return changeOne(doc, command);
  let document = doc;
  const inverses: SingleCommand[] = [];
  for (const single of command.commands) {
    const edited = changeOne(document, single);
    if (!edited.ok) return edited;
    document = edited.value.document;
    inverses.unshift(...singles(edited.value.inverse));
  }
  return ok({ document, inverse: { op: "batch", commands: inverses } });
}

function changeOne(doc: Topology, command: SingleCommand): Result<Edited, Issue[]> {
  switch (command.op) {
    case "create":
      return ok({ document: insert(doc, command.kind, command.object), inverse: { op: "delete", id: command.object.id } });
    case "update":
      return update(doc, command);
    case "delete":
      return remove(doc, command.id);
    case "settings":
      return ok({
        document: { ...doc, settings: { ...doc.settings, ...command.set } },
        inverse: { op: "settings", set: doc.settings },
      });
  }
}

function update(doc: Topology, command: UpdateCommand): Result<Edited, Issue[]> {
  const found = findObject(doc, command.id);
  if (!found || found.kind !== command.kind) return err([unknownObject(command.id)]);
  const before = found.object as unknown as Record<string, unknown>;
  const undo = Object.fromEntries(Object.keys(command.set).map((key) => [key, before[key]]));
  const collection = COLLECTION[found.kind];
  const objects = doc[collection].map((object) => (object.id === command.id ? { ...object, ...command.set } : object));
  return ok({
    document: { ...doc, [collection]: objects },
    inverse: { op: "update", kind: command.kind, id: command.id, set: undo } as UpdateCommand,
  });
}

/** Removes an object and what cannot be without it. Undo creates them again, containers first. */
function remove(doc: Topology, id: string): Result<Edited, Issue[]> {
  const gone = withDependents(doc, id);
  if (gone.size === 0) return err([unknownObject(id)]);
  const recreate: SingleCommand[] = [];
  let document = doc;
  for (const kind of Object.keys(COLLECTION) as ObjectKind[]) {
    const collection = COLLECTION[kind];
    for (const object of doc[collection]) {
      if (gone.has(object.id)) recreate.push({ op: "create", kind, object } as CreateCommand);
    }
    document = { ...document, [collection]: document[collection].filter((object) => !gone.has(object.id)) };
  }
  const [only, ...more] = recreate;
  return ok({ document, inverse: only && more.length === 0 ? only : { op: "batch", commands: recreate } });
}

/** Ids of an object and of everything that goes with it; empty when there is no such object. */
export function withDependents(doc: Topology, id: string): ReadonlySet<string> {
  const found = findObject(doc, id);
  if (!found) return new Set();
  const gone = new Set([id]);
  for (const subnet of doc.subnets) if (gone.has(subnet.vpcId)) gone.add(subnet.id);
  for (const instance of doc.instances) if (gone.has(instance.subnetId)) gone.add(instance.id);
  for (const gateway of doc.internetGateways) if (gone.has(gateway.vpcId)) gone.add(gateway.id);
  for (const peering of doc.peerings) {
    if (gone.has(peering.requesterVpcId) || gone.has(peering.accepterVpcId)) gone.add(peering.id);
  }
  return gone;
}

/** Objects are kept in order of id, so that a document is the same however it came about, and undo restores it exactly. */
function insert(doc: Topology, kind: ObjectKind, object: TopologyObject): Topology {
  const collection = COLLECTION[kind];
  const objects = [...doc[collection], object].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { ...doc, [collection]: objects };
}

const singles = (command: EditCommand): readonly SingleCommand[] => (command.op === "batch" ? command.commands : [command]);

const unknownObject = (id: string): Issue => ({
  severity: "error", code: "REF_UNKNOWN", path: ["id"],
  message: `There is no object “${id.slice(0, 40)}” in this topology; it may have been deleted meanwhile.`,
});
