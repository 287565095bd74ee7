import type { Issue } from "@vpclab/shared/errors/issue";
import { hintsOf } from "@vpclab/shared/hints/hints-of";
import type { FilePosition } from "@vpclab/shared/text/file-issue";
import type { ReadText } from "@vpclab/shared/text/read-topology-text";
import type { Action } from "../command-spec";
import { counted } from "../output/quantity";
import { givenFile } from "./topology-file";

/** As the tools had it that tested themselves by this word. */
const verifyInstead: Action = async (session, given) => {
  session.out.note("Without a file (-f) this looks at what is here, as vpcctl verify does.");
  return (await import("./verify")).verify(session, given);
};

export const validate: Action = async (session, given) => {
  const path = given.option("file");
  if (path === null) return verifyInstead(session, given);
  const { source, alone } = await givenFile(session, path);
  const { vpcs, subnets, instances, peerings } = alone.topology;
  const counts = { vpcs: vpcs.length, subnets: subnets.length, instances: instances.length, peerings: peerings.length };
  const hints = hintsIn(alone);
  session.out.value({ file: source.name, valid: true, name: alone.name, ...counts, warnings: hints.map(({ position, ...hint }) => ({ ...hint, ...position })) });
  for (const { position, code, message } of hints) session.out.note(`${position.file}:${position.line}:${position.column}: ${code}: ${message}`);
  session.out.done(`${source.name} is valid: ${[counted(vpcs.length, "VPC"), counted(subnets.length, "subnet"), counted(instances.length, "instance"), ...(hints.length > 0 ? [counted(hints.length, "hint")] : [])].join(", ")}`);
};

/** One hint as `--json` prints it, with its place in the file. */
interface FileHint extends Pick<Issue, "severity" | "code" | "message" | "path"> {
  readonly objectId: string | null;
  /** What the page does about it with one click; null: it takes a decision. */
  readonly fix: string | null;
  readonly position: FilePosition;
}

/** The hints that the page shows, and what the file's reader warned of beside them; in the order of the file. */
function hintsIn({ topology, warnings, placeOf, parsed }: ReadText): readonly FileHint[] {
  const hints = hintsOf(topology).map(({ code, objectId, message, path, fix }): FileHint => {
    const place = placeOf(path);
    return { severity: "warning", code, path: place, objectId, message, fix: fix?.label ?? null, position: parsed.position(place) };
  });
  const others = warnings.filter(({ objectId }) => objectId === undefined).map((warning): FileHint => ({ ...warning, objectId: null, fix: null }));
  return [...hints, ...others].sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
}
