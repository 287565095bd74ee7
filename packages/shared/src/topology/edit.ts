import type { Issue } from "../errors/issue";
import { isError } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import type { EditCommand, SingleCommand, UpdateCommand } from "./edit-command";
import { fixedCidrs, stillInUse, type Deletion } from "./edit-refusals";
import { removeObject } from "./edit-remove";
import { inverseOf } from "./inverse";
import { inOrderOfId } from "./order";
import { printable } from "./printable";
import type { ObjectKind, Settings, Topology, TopologyObject } from "./topology";
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
  const changed = change(doc, command);
  if (!changed.ok) return changed;
  const { document, deletions } = changed.value;
  const refused = [...fixedCidrs(doc, document), ...stillInUse(document, deletions)];
  if (refused.length > 0) return err(refused);
  const errors = validateTopology(document).filter(isError);
  return errors.length > 0 ? err(errors) : ok({ document, inverse: inverseOf(doc, document) });
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

interface Changed {
  readonly document: Topology;
  /** What the command itself names for deletion; not what went with it. */
  readonly deletions: readonly Deletion[];
}

/** Commands of a batch see each other's result, but the rules are for the end of it: in between, references may hang. */
function change(doc: Topology, command: EditCommand): Result<Changed, Issue[]> {
  const commands = command.op === "batch" ? command.commands : [command];
  const deletions: Deletion[] = [];
  let document = doc;
  for (const single of commands) {
    if (single.op === "create" && deletions.some(({ object }) => object.id === single.object.id)) return err([usedUpId(single.object.id)]);
    if (single.op === "delete") {
      const found = findObject(document, single.id);
      if (found) deletions.push({ object: found.object, from: document });
    }
    const changed = changeOne(document, single);
    if (!changed.ok) return changed;
    document = changed.value;
  }
  return ok({ document, deletions });
}

function changeOne(doc: Topology, command: SingleCommand): Result<Topology, Issue[]> {
  switch (command.op) {
    case "create":
      return ok(insert(doc, command.kind, command.object));
    case "update":
      return update(doc, command);
    case "delete": {
      const removed = removeObject(doc, command.id);
      return removed ? ok(removed) : err([unknownObject(command.id)]);
    }
    case "settings":
      return ok({ ...doc, settings: withoutEmptyNote({ ...doc.settings, ...command.set }) });
  }
}

/** An empty note is none. */
function withoutEmptyNote({ note, ...settings }: Settings): Settings {
  return note ? { ...settings, note } : settings;
}

function update(doc: Topology, command: UpdateCommand): Result<Topology, Issue[]> {
  const found = findObject(doc, command.id);
  if (!found || found.kind !== command.kind) return err([unknownObject(command.id)]);
  const collection = COLLECTION[found.kind];
  const objects = doc[collection].map((object) => (object.id === command.id ? { ...object, ...command.set } : object));
  return ok({ ...doc, [collection]: objects });
}

function insert(doc: Topology, kind: ObjectKind, object: TopologyObject): Topology {
  const collection = COLLECTION[kind];
  return { ...doc, [collection]: inOrderOfId([...doc[collection], object]) };
}

const unknownObject = (id: string): Issue => ({
  severity: "error", code: "REF_UNKNOWN", path: ["id"],
  message: `There is no object “${printable(id)}” in this topology; it may have been deleted meanwhile.`,
});

const usedUpId = (id: string): Issue => ({
  severity: "error", code: "ID_DUPLICATE", path: ["id"], objectId: id,
  message: `${id} is deleted by this same edit; a new object needs an id of its own.`,
});
