import { kindWord } from "@vpclab/shared/topology/diff";
import type { Topology } from "@vpclab/shared/topology/topology";
import { namesOfObjects } from "@vpclab/shared/topology/object-names";
import type { Deployment, JobFailure, ObjectState } from "@vpclab/shared/wire/live";
import type { ChangedObject } from "./changed-objects";
import type { Output } from "./output";
import { printError } from "./print-error";
import { stateText } from "./state-text";
import { styled, type Style, type Text } from "./text";

export interface PrintedChange {
  readonly changed: readonly ChangedObject[];
  readonly after: Topology;
  readonly deployment: Deployment;
  readonly failure: JobFailure | null;
  readonly unchanged?: string;
  /** What the edit saved was undone, because it failed. */
  readonly takenBack: boolean;
}

const KEPT = "The change is saved, but not all of it is in place. What was tried: vpcctl logs";
const TAKEN_BACK = "It was taken back: nothing of it is left. What was tried: vpcctl logs";

const SIGN: Record<ChangedObject["change"], readonly [string, Style]> = { added: ["+", "green"], changed: ["~", "yellow"], removed: ["-", "red"] };

/** What an edit did, a line for each object, then what is not as it should be. */
export function printChange({ changed, after, deployment, failure, unchanged, takenBack }: PrintedChange, out: Output): void {
  for (const object of changed) out.done(changeLine(object));
  for (const line of troubleLines(changed, after, deployment)) out.problem(line);
  if (failure) printError({ code: failure.code, message: failure.message, issues: failure.issues ?? [], hint: takenBack ? TAKEN_BACK : KEPT }, out);
  else if (changed.length === 0) out.done(`${unchanged ?? "nothing to change"}${deployment.state === "in-place" || deployment.state === "empty" ? "" : ` (${stateText(deployment.state).text})`}`);
}

export function changeLine({ kind, name, change, fields, state }: ChangedObject): Text {
  const [sign, style] = SIGN[change];
  const what = fields.map(({ field, before, after }) => `${field} ${before} → ${after}`).join(", ");
  const subject = `${kindWord(kind)} ${name}${what === "" ? "" : `: ${what}`}`;
  if (change === "removed" && (state === "absent" || state === null)) return [styled(style, sign), ` ${subject}`];
  return state === null ? [styled(style, sign), ` ${subject}`] : [styled(style, sign), ` ${subject}  `, stateText(state)];
}

/** What the kernel does not hold as drawn, also where this edit did not touch it; objects with the same reason together. */
function troubleLines(changed: readonly ChangedObject[], after: Topology, { objects }: Deployment): Text[] {
  const groups = new Map<string, { state: ObjectState; reason: string; names: string[] }>();
  const names = new Map(namesOfObjects(after).map(({ kind, object, path }) => [object.id, `${kindWord(kind)} ${path}`]));
  for (const [id, { state, reason = "" }] of Object.entries(objects)) {
    const waits = state === "pending" && reason !== "" && changed.some((object) => object.id === id);
    if (state !== "failed" && state !== "drifted" && !waits) continue;
    const group = groups.get(`${state} ${reason}`) ?? { state, reason, names: [] };
    groups.set(`${state} ${reason}`, group);
    group.names.push(names.get(id) ?? id);
  }
  return [...groups.values()].map(({ state, reason, names }): Text => [
    names.slice(0, NAMES_MAX).join(", "), names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : "", ": ", stateText(state), reason === "" ? "" : `: ${reason}`,
  ]);
}

const NAMES_MAX = 5;
