import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import type { Edit } from "../lab/lab";
import type { ServerApi } from "./server-api";

/** Somebody else was faster so many times in a row. */
const TRIES = 20;
/** The server takes requests of 1 MiB; there is more in one than the command. */
const COMMAND_BYTES_MAX = 1024 * 1024 - 4096;

export interface SavedEdit {
  readonly before: Topology;
  readonly after: Topology;
  readonly revision: number;
}

/** Saves an edit of the newest document: where somebody else saved first, it is made anew from theirs. Throws AppError. */
export async function saveEdit(api: ServerApi, stored: TopologySnapshot, edit: Edit): Promise<SavedEdit> {
  const clientId = `vpcctl-${randomUUID()}`;
  let current = stored;
  for (let tries = 0; tries < TRIES; tries++) {
    const { id, revision, document: before } = current;
    const command = edit(before);
    if (!command.ok) throw AppError.fromIssues(command.error);
    if (command.value === null) return { before, after: before, revision };
    // Refused here, nothing is sent.
    const edited = applyEdit(before, command.value);
    if (!edited.ok) throw AppError.fromIssues(edited.error);
    if (Buffer.byteLength(JSON.stringify(command.value)) > COMMAND_BYTES_MAX) {
      throw new AppError("TOO_LARGE", "This changes more at once than the server takes (1 MiB). Make it in several steps, or divide it into several topologies.");
    }
    const answer = await api.mutate("topology.save", { id, baseRevision: revision, commands: [command.value], clientId });
    if (answer.saved) return { before, after: edited.value.document, revision: answer.revision };
    current = answer.current;
  }
  throw new AppError("CONFLICT", "Somebody else changes this topology all the time; nothing was saved. Try again.");
}
