import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand, SingleCommand } from "@vpclab/shared/topology/edit-command";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import type { Topology } from "@vpclab/shared/topology/topology";

/**
 * What a command line asks of a drawing: from the newest document to the command that brings it about; null where it is so
 * already. Called again when somebody else was faster.
 */
export type Edit = (document: Topology) => Result<EditCommand | null, readonly Issue[]>;

export const random: RandomBytes = (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);

export const NO_CHANGE: Result<null, never> = ok(null);

export const refuse = (code: Issue["code"], message: string): Result<never, Issue[]> => err([{ severity: "error", code, path: [], message }]);

/** Several commands as one step; null when there are none. */
export const together = (commands: readonly SingleCommand[]): EditCommand | null => {
  const [only] = commands;
  if (!only) return null;
  return commands.length === 1 ? only : { op: "batch", commands: [...commands] };
};

export const commandsOf = (command: EditCommand | null): readonly SingleCommand[] =>
  command === null ? [] : command.op === "batch" ? command.commands : [command];

/** One edit after the other as one command; each sees what those before it have made, and the first that is refused refuses all. */
export const inSteps = (...edits: readonly Edit[]): Edit => (doc) => {
  const commands: SingleCommand[] = [];
  let document = doc;
  for (const edit of edits) {
    const made = edit(document);
    if (!made.ok) return made;
    if (made.value === null) continue;
    const edited = applyEdit(document, made.value);
    if (!edited.ok) return edited;
    commands.push(...commandsOf(made.value));
    document = edited.value.document;
  }
  return ok(together(commands));
};

/** A property by name: what it is, and what was asked for (null: nothing). */
export type Compared = readonly [property: string, is: string, wanted: string | null];

/** Creating what is there already: fine where it is as asked for, else a conflict that shows the difference. */
export function alreadyThere(what: string, compared: readonly Compared[]): Result<null, Issue[]> {
  const differing = compared.filter(([, is, wanted]) => wanted !== null && wanted !== is);
  if (differing.length === 0) return NO_CHANGE;
  const differences = differing.map(([property, is, wanted]) => `${property} is ${is}, not ${wanted}`).join("; ");
  return refuse("CONFLICT", `${what} exists already with other content: ${differences}. Change it with “set”, delete it first, or choose another name.`);
}

export const onOff = (value: boolean | null): string | null => (value === null ? null : value ? "on" : "off");
