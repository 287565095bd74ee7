import { describeDifference, diffTopologies } from "./diff";
import type { Topology } from "./topology";

/** Characters that a line takes at most; what is beyond is counted. */
export const CHANGE_LINE_MAX = 240;

/** What leads from one document to the next, in one line, e.g. `instance “main2” added; 2 more`. */
export function changeLine(before: Topology, after: Topology): string {
  const changes = diffTopologies(before, after).map(describeDifference);
  if (JSON.stringify(before.settings) !== JSON.stringify(after.settings)) changes.push("settings of the topology");
  const [first, ...others] = changes;
  if (first === undefined) return "nothing that matters to the network";
  let line = cut(first, CHANGE_LINE_MAX - MORE_MAX);
  let told = 1;
  for (const change of others) {
    if (line.length + change.length + 2 > CHANGE_LINE_MAX - MORE_MAX) break;
    line += `; ${change}`;
    told += 1;
  }
  return told === changes.length ? line : `${line}; ${changes.length - told} more`;
}

/** Room for `; 12345 more`. */
const MORE_MAX = 16;
const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);
