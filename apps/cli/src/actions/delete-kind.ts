import { kindWord } from "@vpclab/shared/topology/diff";
import { ok } from "@vpclab/shared/errors/result";
import { printable } from "@vpclab/shared/topology/printable";
import { EMPTY_TOPOLOGY, type ObjectKind } from "@vpclab/shared/topology/topology";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { Action } from "../command-spec";
import { confirm } from "../confirm";
import { deleteObject, describeDependents, isMissing } from "../edits/delete-edits";
import type { Edit } from "../edits/edit";
import { find, type Named } from "../edits/place";
import { EXIT, type ExitCode } from "../exit-code";
import type { ChangeResult } from "../lab/lab";
import { endEmptyTopology } from "../lab/end-empty-topology";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import type { Session } from "../session";
import { namedBy } from "./kind-actions";
import { readTopology } from "./read-topology";

export const deleteKind = (kind: ObjectKind): Action => (session, given) =>
  deleteNamed(session, { kind, named: namedBy(given), ifExists: given.flag("ifExists") === true });

export interface Deleting {
  readonly kind: ObjectKind;
  readonly named: Named;
  /** Not being there is what is wanted. */
  readonly ifExists: boolean;
  /** Instead of deleting the object and what is in it. */
  readonly edit?: Edit;
}

/**
 * Deletes an object and says what goes with it. A person at a terminal is asked where that is something; a script is not, as
 * with the tools before.
 */
export async function deleteNamed(session: Session, { kind, named, ifExists, edit }: Deleting): Promise<ExitCode> {
  const { document } = await readTopology(session);
  const found = find(document, kind, named);
  const what = `${kindWord(kind)} “${printable(named.name)}”`;
  if (isMissing(found)) await finishBrokenOff(session);
  if (ifExists && isMissing(found)) return nothingThere(session, what);
  const object = orThrow(found);
  const dependents = describeDependents(document, object.id);
  if (dependents !== "" && !session.options.dryRun) {
    session.out.note(`With it ${dependents.includes(",") || /^\d/.test(dependents) ? "go" : "goes"}: ${dependents}.`);
    const isAtTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true && !session.out.json;
    if (isAtTerminal && !(await confirm(session, `Delete the ${what}?`))) {
      session.out.note("Nothing was deleted.");
      return EXIT.failed;
    }
  }
  let isEmpty = false;
  const next = ({ after }: ChangeResult): [] => {
    isEmpty = JSON.stringify(after) === JSON.stringify(EMPTY_TOPOLOGY);
    return [];
  };
  const exit = await runEdit(session, { doing: `delete ${what}`, create: false, next }, edit ?? deleteObject(kind, named, ifExists));
  const failure = isEmpty ? await endEmptyTopology(await session.lab(), session.topology) : null;
  if (failure) session.out.problem(`The empty topology “${session.topology}” is left: ${failure.message}`);
  return exit;
}

/** A delete that was killed may be in the drawing and not yet on the host: asked for again, it is brought to its end. */
async function finishBrokenOff(session: Session): Promise<void> {
  const { options, out, topology } = session;
  const { document, deployment } = await readTopology(session);
  if (options.dryRun || deployment.state !== "drifted") return;
  const lab = await session.lab();
  await lab.change(topology, () => ok(null), { create: false });
  if (objectsOf(document).next().done) await endEmptyTopology(lab, topology);
  out.note("What a command that was broken off had left on the host is gone now.");
}

function nothingThere(session: Session, what: string): ExitCode {
  session.out.value({ doing: `delete ${what}`, topology: session.topology, changed: [] });
  session.out.done(`There is no ${what}: nothing to delete.`);
  return EXIT.ok;
}
