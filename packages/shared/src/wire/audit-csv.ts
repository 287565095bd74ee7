import type { AuditEntry } from "./audit";
import { escapeControl } from "./escape-text";

const COLUMNS: readonly (readonly [heading: string, value: (entry: AuditEntry) => string | number | null | undefined])[] = [
  ["sequence", ({ sequence }) => sequence],
  ["time", ({ at }) => new Date(at).toISOString()],
  ["actor kind", ({ actor }) => actor.kind], ["actor", ({ actor }) => actor.name], ["actor id", ({ actor }) => actor.id], ["role", ({ actor }) => actor.role],
  ["address", ({ ip }) => ip],
  ["action", ({ action }) => action],
  ["object kind", ({ object }) => object?.kind], ["object", ({ object }) => object?.name], ["object id", ({ object }) => object?.id],
  ["revision before", ({ revisionBefore }) => revisionBefore], ["revision after", ({ revisionAfter }) => revisionAfter],
  ["outcome", ({ outcome }) => outcome], ["error code", ({ errorCode }) => errorCode], ["job id", ({ jobId }) => jobId], ["trace id", ({ traceId }) => traceId],
  ["count", ({ count }) => count], ["previous hash", ({ previousHash }) => previousHash], ["hash", ({ hash }) => hash],
];

/** RFC 4180, with a heading. A text that a spreadsheet would take for a formula gets a `'` before it. */
export const auditCsv = (entries: readonly AuditEntry[]): string =>
  [COLUMNS.map(([heading]) => cell(heading)), ...entries.map((entry) => COLUMNS.map(([, value]) => cell(value(entry) ?? "")))].map((row) => `${row.join(",")}\r\n`).join("");

function cell(value: string | number): string {
  if (typeof value === "number") return `${value}`;
  const text = escapeControl(value);
  const inert = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
}
