import { applyEdit } from "@vpclab/shared/topology/edit";
import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { withDependents } from "@vpclab/shared/topology/edit-remove";
import type { LayoutPatch } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { findObject, objectsOf } from "@vpclab/shared/topology/topology-index";
import { hasBox, refuse } from "./gesture";
import type { Gesture, Judged } from "./gesture";

/** Ids that go when these are deleted: they themselves and everything that cannot be without them. */
export function goneWith(document: Topology, ids: Iterable<string>): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const id of ids) for (const dependent of withDependents(document, id)) gone.add(dependent);
  return gone;
}

export function deleteObjects(document: Topology, ids: ReadonlySet<string>): Judged<Gesture> {
  const commands: SingleCommand[] = [];
  const gone = new Set<string>();
  for (const { object } of objectsOf(document)) {
    // Containers come first in this order, so what goes with one is not deleted a second time.
    if (gone.has(object.id) || !ids.has(object.id)) continue;
    commands.push({ op: "delete", id: object.id });
    for (const dependent of withDependents(document, object.id)) gone.add(dependent);
  }
  const [only] = commands;
  if (!only) return refuse("Nothing is selected.");
  const command = commands.length === 1 ? only : { op: "batch" as const, commands };
  const edited = applyEdit(document, command);
  if (!edited.ok) return refuse(edited.error[0]?.message ?? "It cannot be deleted.");
  const layoutPatch: LayoutPatch = Object.fromEntries([...gone].filter(hasBox).map((id) => [id, null]));
  const name = commands.length === 1 ? findObject(document, only.op === "delete" ? only.id : "")?.object.name : undefined;
  return { ok: true, label: `Delete ${name ?? `${commands.length} objects`}`, command, layoutPatch, select: [] };
}
