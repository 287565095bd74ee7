import { AppError } from "@vpclab/shared/errors/app-error";
import { EMPTY_TOPOLOGY, type Topology } from "@vpclab/shared/topology/topology";
import type { JobFailure } from "@vpclab/shared/wire/live";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-code";
import { editedDocument } from "./lab/edited-document";
import type { ChangeResult, Edit, Lab } from "./lab/lab";
import { applyProgress } from "./output/apply-progress";
import { changedObjects, type ChangedObject } from "./output/changed-objects";
import { printChange } from "./output/print-change";
import { printPlan } from "./output/print-plan";
import { styled } from "./output/text";
import type { Session } from "./session";
import { hasFailed, takeBack } from "./take-back";

export interface EditDescription {
  /** What is done, in the imperative, e.g. `create VPC “prod”`. */
  readonly doing: string;
  /** A topology that is not there is made. */
  readonly create: boolean;
  /** It makes something new: when that cannot be put in place, it is taken back, and nothing of it is left. */
  readonly makes?: boolean;
  /** Instead of “nothing to change”, e.g. `VPC “prod” is there already, with the same content`. */
  readonly unchanged?: string;
  /** See ChangeOptions. */
  readonly confirmSeconds?: number | undefined;
  /** Lines for people below the result, e.g. the address to try. */
  readonly next?: (result: ChangeResult) => readonly string[];
}

/**
 * The one way in which commands edit: with `--dry-run` the plan is printed and nothing is written; else the change is saved and
 * applied, with a line for each object that it changed. Answers with the exit code. Throws AppError when nothing was done.
 */
export async function runEdit(session: Session, description: EditDescription, edit: Edit): Promise<ExitCode> {
  const lab = await session.lab();
  return session.options.dryRun ? previewEdit(lab, session, description, edit) : changeAndReport(lab, session, description, edit);
}

async function previewEdit(lab: Lab, { out, topology }: Session, { doing, create }: EditDescription, edit: Edit): Promise<ExitCode> {
  const before = await documentOf(lab, topology, create);
  const after = editedDocument(before, edit);
  const plan = await lab.plan(topology, after);
  out.value({ dryRun: true, doing, topology, changed: changedObjects({ before, after, deployment: null }), plan });
  printPlan(plan, out);
  return EXIT.ok;
}

async function changeAndReport(lab: Lab, session: Session, description: EditDescription, edit: Edit): Promise<ExitCode> {
  const { out, topology } = session;
  const { doing, create, makes, unchanged, next } = description;
  // The agent in this process ends what it has begun before it heeds Ctrl-C; a host goes on without us.
  const signal = lab.place.kind === "server" ? session.signal : undefined;
  const result = await lab.change(topology, edit, { create, signal, confirmSeconds: description.confirmSeconds, onProgress: applyProgress(out, doing) }).catch((error: unknown) => {
    if (signal?.aborted) return null;
    throw error;
  });
  out.progress.clear();
  if (!result) {
    out.note(`Nobody waits any more, and the apply goes on at the host. To stop it: vpcctl cancel -t ${topology}`);
    return EXIT.interrupted;
  }
  const changed = changedObjects(result);
  const { revision, deployment, failure } = result;
  const takenBack = makes === true && hasFailed(result) && await takeBack(lab, topology, result);
  out.value({ doing, topology, revision, state: deployment.state, changed, failure, takenBack });
  printChange({ changed, deployment, failure, unchanged, takenBack, after: result.after }, out);
  if (out.verbose) await printCommands(lab, session);
  const exit = exitOf(result, changed);
  if (exit === EXIT.ok) for (const line of next?.(result) ?? []) out.done(line);
  return exit;
}

/** What was run for it, as the activity log has it. */
async function printCommands(lab: Lab, { out, topology }: Session): Promise<void> {
  const [entry] = await lab.activity(topology, 1);
  for (const command of entry?.commands ?? []) for (const line of command.split("\n")) out.done(styled("dim", `    ${line}`));
}

/** The document is saved also when its apply failed: then something of it is not in place. */
function exitOf({ failure }: ChangeResult, changed: readonly ChangedObject[]): ExitCode {
  if (failure) return exitOfFailure(failure);
  return changed.some(({ state }) => state === "failed" || state === "drifted") ? EXIT.failed : EXIT.ok;
}

/** Nothing in place because nobody could be asked is another matter than what the host refused. */
export const exitOfFailure = ({ code }: JobFailure): ExitCode => (exitCodeOf(code) === EXIT.unreachable ? EXIT.unreachable : EXIT.failed);

/** The newest document; an empty one where the topology is not there and would be made. */
export async function documentOf(lab: Lab, topology: string, create: boolean): Promise<Topology> {
  try {
    return (await lab.read(topology)).document;
  } catch (error) {
    if (create && error instanceof AppError && error.code === "NOT_FOUND") return EMPTY_TOPOLOGY;
    throw error;
  }
}
