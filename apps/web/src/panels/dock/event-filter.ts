import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { kindOfId } from "@vpclab/shared/topology/ids";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import type { LogLine } from "@vpclab/shared/wire/live";
import { objectName } from "../../canvas/scene/object-name";

/** Which lines of the timeline are shown. Everything that is set must hold. */
export interface EventFilter {
  /** The least that is shown. */
  readonly level: LogLine["level"];
  readonly kind: ObjectKind | "all";
  /** One object only. */
  readonly objectId: string | null;
  /** Words that must all stand in the line, or in its object's name. */
  readonly text: string;
}
export const EVERY_EVENT: EventFilter = { level: "info", kind: "all", objectId: null, text: "" };

const RANK: Readonly<Record<LogLine["level"], number>> = { info: 0, warn: 1, error: 2 };

export function filterEvents(log: readonly LogLine[], { level, kind, objectId, text }: EventFilter, index: TopologyIndex): readonly LogLine[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return log.filter((line) => {
    if (RANK[line.level] < RANK[level]) return false;
    if (kind !== "all" && (line.objectId === undefined || kindOfId(line.objectId) !== kind)) return false;
    if (objectId !== null && line.objectId !== objectId) return false;
    const where = `${line.text} ${line.objectId === undefined ? "" : objectName(index, line.objectId) ?? line.objectId}`.toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** An apply and what happened since, up to the next one. */
export interface EventGroup {
  /** The line that says how the apply ended; null: from before the oldest that is known. */
  readonly apply: LogLine | null;
  /** Newest first. */
  readonly lines: readonly LogLine[];
}

/** The agent's last word about an apply (reconcile/deployments.ts). */
const APPLIED = /^\S+ revision \d+: \d+ steps in [\d.]+ s, /;
const endsApply = ({ text }: LogLine): boolean => APPLIED.test(text);

/** All lines (oldest first) by the apply that they follow, newest first. Only `shown` ones, and no group that has none of them. */
export function groupByApply(log: readonly LogLine[], shown: ReadonlySet<LogLine>): readonly EventGroup[] {
  const groups: { readonly apply: LogLine | null; readonly lines: LogLine[] }[] = [{ apply: null, lines: [] }];
  for (const line of log) {
    if (endsApply(line)) groups.push({ apply: line, lines: [] });
    else if (shown.has(line)) groups.at(-1)?.lines.unshift(line);
  }
  return groups.reverse().filter(({ apply, lines }) => lines.length > 0 || (apply !== null && shown.has(apply)));
}
