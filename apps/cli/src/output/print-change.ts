import { kindWord } from "@vpclab/shared/topology/diff";
import type { Topology } from "@vpclab/shared/topology/topology";
import { findObject } from "@vpclab/shared/topology/topology-index";
import type { Deployment, JobFailure } from "@vpclab/shared/wire/live";
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
}

const SIGN: Record<ChangedObject["change"], readonly [string, Style]> = { added: ["+", "green"], changed: ["~", "yellow"], removed: ["-", "red"] };

/** What an edit did, a line for each object, then what is not as it should be. */
export function printChange({ changed, after, deployment, failure, unchanged }: PrintedChange, out: Output): void {
  for (const object of changed) out.done(changeLine(object));
  for (const line of troubleLines(changed, after, deployment)) out.problem(line);
  if (failure) printError({ code: failure.code, message: failure.message, issues: failure.issues ?? [], hint: "The change is saved, but not all of it is in place. What was tried: vpcctl logs" }, out);
  else if (changed.length === 0) out.done(`${unchanged ?? "nothing to change"}${deployment.state === "in-place" || deployment.state === "empty" ? "" : ` (${stateText(deployment.state).text})`}`);
}

export function changeLine({ kind, name, change, fields, state }: ChangedObject): Text {
  const [sign, style] = SIGN[change];
  const what = fields.map(({ field, before, after }) => `${field} ${before} → ${after}`).join(", ");
  const subject = `${kindWord(kind)} ${name}${what === "" ? "" : `: ${what}`}`;
  if (change === "removed" && (state === "absent" || state === null)) return [styled(style, sign), ` ${subject}`];
  return state === null ? [styled(style, sign), ` ${subject}`] : [styled(style, sign), ` ${subject}  `, stateText(state)];
}

/** Objects that the kernel does not hold as drawn, also those that this edit did not touch. */
function troubleLines(changed: readonly ChangedObject[], after: Topology, { objects }: Deployment): Text[] {
  return Object.entries(objects).flatMap(([id, { state, reason }]) => {
    const touched = changed.find((object) => object.id === id);
    if (state !== "failed" && state !== "drifted" && !(state === "pending" && touched && reason)) return [];
    const found = findObject(after, id);
    const name = touched?.name ?? found?.object.name ?? id;
    return [[`${found ? `${kindWord(found.kind)} ` : ""}${name}: `, stateText(state), reason ? `: ${reason}` : ""]];
  });
}
