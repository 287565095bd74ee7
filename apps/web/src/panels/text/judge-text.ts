import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { editBetween } from "@vpclab/shared/topology/edit-between";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import { type Topology, TopologySchema } from "@vpclab/shared/topology/topology";
import type { FileIssue } from "@vpclab/shared/text/file-issue";
import { readTopologyText } from "@vpclab/shared/text/read-topology-text";

/** How the text is called where it stands in messages. */
export const TEXT_NAME = "topology.yaml";

interface Base {
  /** What the text was written of: what has the same name there is the same object. */
  readonly document: Topology;
  readonly name: string;
}

/**
 * The one command that takes the base to what the text says (null: it says what is there), or all that is wrong with it, each
 * with its line and column.
 */
export function judgeText(text: string, { document, name }: Base, random: RandomBytes): Result<EditCommand | null, readonly FileIssue[]> {
  const read = readTopologyText({ name: TEXT_NAME, text }, { existing: document, random });
  if (!read.ok) return read;
  if (read.value.name !== null && read.value.name !== name) {
    const message = `This topology is called “${name}”; rename it in its menu, not here.`;
    return err([{ severity: "error", code: "NAME_TAKEN", path: ["name"], message, position: read.value.parsed.position(["name"]) }]);
  }
  // The schema puts the keys of each object in its order, so that what gestures made compares with what was read.
  return ok(editBetween(TopologySchema.parse(document), read.value.topology));
}
