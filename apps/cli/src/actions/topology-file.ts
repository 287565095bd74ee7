import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { editBetween } from "@vpclab/shared/topology/edit-between";
import type { Topology } from "@vpclab/shared/topology/topology";
import { random } from "../edits/edit";
import { fileError } from "@vpclab/shared/text/file-issue";
import type { Source } from "@vpclab/shared/text/source";
import { readSource } from "../file/read-source";
import { type ReadText, readTopologyText } from "@vpclab/shared/text/read-topology-text";
import { TOPOLOGY_DEFAULT } from "../global-options";
import type { Edit } from "../lab/lab";
import type { Session } from "../session";

/** A file that was read and is right by itself, and what it means for a topology that is there. */
export interface GivenFile {
  readonly source: Source;
  /** As a topology of its own. */
  readonly alone: ReadText;
  /** The topology to work on: the one that was named on the command line, else the one that the file names. */
  readonly session: Session;
  onto(document: Topology): Result<Topology, readonly Issue[]>;
  readonly edit: Edit;
}

/** Throws AppError with everything that is wrong in the file, before any lab is asked. */
export async function givenFile(session: Session, path: string): Promise<GivenFile> {
  const source = await readSource(path);
  const alone = readTopologyText(source, { existing: null, random });
  if (!alone.ok) throw fileError(source.name, alone.error);
  const onto = (document: Topology): Result<Topology, readonly Issue[]> => {
    const read = readTopologyText(source, { existing: document, random });
    return read.ok ? ok(read.value.topology) : err(read.error);
  };
  const edit: Edit = (document) => {
    const wanted = onto(document);
    return wanted.ok ? ok(editBetween(document, wanted.value)) : wanted;
  };
  return { source, alone: alone.value, session: named(session, alone.value.name), onto, edit };
}

/** What was named on the command line goes before the name in the file. */
function named(session: Session, name: string | null): Session {
  if (name === null || session.topology !== TOPOLOGY_DEFAULT) return session;
  return {
    options: session.options, env: session.env, out: session.out, outline: session.outline, topology: name, lab: () => session.lab(),
    get signal() {
      return session.signal;
    },
  };
}
