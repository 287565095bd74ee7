import type { AuditActor, AuditEntry } from "@vpclab/shared/wire/audit";
import type { AuditFilter } from "@vpclab/shared/wire/audit-api";
import { escapeControl } from "@vpclab/shared/wire/escape-text";
import clsx from "clsx";
import { Ban, Check, CircleX, Hourglass } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../ui/button";

const RESULT: Readonly<Record<AuditEntry["outcome"], { readonly icon: ReactNode; readonly tone: string }>> = {
  begun: { icon: <Hourglass className="size-3.5" aria-hidden />, tone: "text-muted" },
  done: { icon: <Check className="size-3.5" aria-hidden />, tone: "text-ok" },
  refused: { icon: <Ban className="size-3.5" aria-hidden />, tone: "text-warn" },
  failed: { icon: <CircleX className="size-3.5" aria-hidden />, tone: "text-bad" },
};

interface AuditTableProps {
  /** Null: not known yet. */
  readonly entries: readonly AuditEntry[] | null;
  readonly onFilter: (more: AuditFilter) => void;
  /** Null: there are no older ones, or they are on their way. */
  readonly older: (() => void) | null;
}

export function AuditTable({ entries, onFilter, older }: AuditTableProps) {
  if (entries?.length === 0) return <p className="py-10 text-center text-sm text-muted">No entry fits this filter.</p>;
  return (
    <>
      <table className="w-full table-fixed border-separate border-spacing-0 overflow-hidden rounded-box border border-line bg-surface text-sm">
        <thead>
          <tr className="text-left text-xs text-muted [&>th]:border-b [&>th]:border-line [&>th]:px-3 [&>th]:py-2 [&>th]:font-normal">
            <th className="w-20 !text-right">No.</th><th className="w-40">Time</th><th className="w-44">Who</th><th className="w-48">What</th><th>Object</th><th className="w-52">Result</th>
          </tr>
        </thead>
        <tbody>{(entries ?? []).map((entry) => <Row key={entry.sequence} entry={entry} onFilter={onFilter} />)}</tbody>
      </table>
      {older ? <div className="py-4 text-center"><Button onClick={older}>Older entries</Button></div> : null}
    </>
  );
}

function Row({ entry, onFilter }: { readonly entry: AuditEntry; readonly onFilter: (more: AuditFilter) => void }) {
  const { sequence, at, actor, ip, action, object, outcome, errorCode, count, traceId, jobId, hash } = entry;
  const { icon, tone } = RESULT[outcome];
  const details = [`hash ${hash}`, jobId && `job ${jobId}`, traceId && `id of the error ${traceId}`].filter(Boolean).join("\n");
  return (
    <tr data-action={action} data-outcome={outcome} title={escapeControl(details.replaceAll("\n", " · "))} className="align-baseline hover:bg-raised [&>td]:border-b [&>td]:border-line [&>td]:px-3 [&>td]:py-1.5 last:[&>td]:border-b-0">
      <td className="numeric text-right text-xs text-muted">{sequence}</td>
      <td><time dateTime={new Date(at).toISOString()} className="numeric text-xs whitespace-nowrap text-muted">{timeText(at)}</time></td>
      <td className="truncate"><Value text={actorText(actor)} onClick={() => onFilter({ actor: actor.name ?? actor.id ?? actor.kind })} /><span className="numeric block truncate text-xs text-muted">{ip ?? ""}</span></td>
      <td className="truncate"><Value text={action} onClick={() => onFilter({ action })} /></td>
      <td className="truncate">
        {object ? <><Value text={object.name ?? object.id ?? ""} onClick={() => onFilter({ object: object.id ?? object.name ?? "" })} /><span className="ml-2 text-xs text-muted">{escapeControl(object.kind)}{revisionText(entry)}</span></> : null}
      </td>
      <td className={clsx("text-xs", tone)}>
        <span className="flex items-baseline gap-1.5"><span className="relative top-0.5">{icon}</span>{outcome}{errorCode ? <span className="numeric truncate">{escapeControl(errorCode)}</span> : null}{count > 1 ? <span className="numeric text-muted">× {count}</span> : null}</span>
      </td>
    </tr>
  );
}

/** Text of whoever it came from, by which the log can be filtered. */
const Value = ({ text, onClick }: { readonly text: string; readonly onClick: () => void }) => (
  <button type="button" onClick={onClick} title={escapeControl(text)} className="max-w-full truncate rounded-box align-baseline hover:underline">{escapeControl(text)}</button>
);

const actorText = ({ kind, name, id }: AuditActor): string => (kind === "user" ? name ?? id ?? kind : name === null && id === null ? kind : `${kind} ${name ?? id ?? ""}`);

function revisionText({ revisionBefore, revisionAfter }: AuditEntry): string {
  if (revisionBefore === null && revisionAfter === null) return "";
  if (revisionAfter === null) return ` · revision ${revisionBefore}`;
  return ` · revision ${revisionBefore ?? "–"} → ${revisionAfter}`;
}

const two = (part: number): string => String(part).padStart(2, "0");

/** `2026-11-30 14:05:09`, where the person is. */
function timeText(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
