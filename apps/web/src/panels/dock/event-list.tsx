import type { LogLine } from "@vpclab/shared/wire/live";
import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEditor, useScene } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { objectName } from "../../canvas/scene/object-name";
import type { EventGroup } from "./event-filter";

/** Told apart by shape and by colour. */
const SIGNS = {
  info: { Sign: Info, tone: "text-muted", word: "information" },
  warn: { Sign: TriangleAlert, tone: "text-warn", word: "warning" },
  error: { Sign: CircleX, tone: "text-bad", word: "error" },
} as const;

/** Groups of events, newest first. A row with an object selects it; up, down, Home and End go from row to row. */
export function EventList({ groups }: { readonly groups: readonly EventGroup[] }) {
  return (
    <ol aria-label="Events" data-rows onKeyDown={moveAmongRows} className="min-h-0 flex-1 overflow-y-auto p-2">
      {groups.map((group, at) => (
        <li key={`${group.apply?.at ?? "before"}/${groups.length - at}`} aria-label={group.apply?.text ?? "Before"} className="mb-2">
          {group.apply ? <ApplyHeading line={group.apply} /> : null}
          <ol>
            {group.lines.map((line, i) => <li key={`${line.at}/${group.lines.length - i}`}><EventRow line={line} /></li>)}
          </ol>
        </li>
      ))}
    </ol>
  );
}

function ApplyHeading({ line }: { readonly line: LogLine }) {
  const failed = line.level === "error";
  const Sign = failed ? CircleX : CircleCheck;
  return (
    <h3 className="sticky top-0 flex items-baseline gap-3 rounded-box bg-raised px-2 py-1 text-sm font-medium">
      <Time at={line.at} />
      <Sign className={`size-3.5 shrink-0 self-center ${failed ? "text-bad" : "text-ok"}`} aria-label={failed ? "failed" : "applied"} />
      <span className={failed ? "text-bad" : ""}>{line.text}</span>
    </h3>
  );
}

function EventRow({ line }: { readonly line: LogLine }) {
  const { editor } = useEditor();
  const { index } = useScene();
  const { Sign, tone, word } = SIGNS[line.level];
  const name = line.objectId === undefined ? null : objectName(index, line.objectId);
  return (
    <button
      type="button"
      data-row
      data-level={line.level}
      onClick={() => (line.objectId !== undefined && name !== null ? select(editor, [line.objectId]) : undefined)}
      className="flex w-full items-baseline gap-3 rounded-box px-2 py-0.5 text-left text-sm hover:bg-raised"
    >
      <Time at={line.at} />
      <Sign className={`size-3.5 shrink-0 self-center ${tone}`} aria-label={word} />
      <span className={`min-w-0 flex-1 ${line.level === "info" ? "" : tone}`}>{line.text}</span>
      {name === null ? null : <span className="shrink-0 text-xs text-muted underline decoration-line-strong underline-offset-2">{name}</span>}
    </button>
  );
}

const Time = ({ at }: { readonly at: number }) => (
  <time dateTime={new Date(at).toISOString()} className="numeric shrink-0 text-xs font-normal text-muted">{new Date(at).toLocaleTimeString("en-GB")}</time>
);

function moveAmongRows(event: KeyboardEvent<HTMLOListElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const here = rows.findIndex((row) => row === event.target);
  const to = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: rows.length - 1 }[event.key];
  const row = to === undefined ? undefined : rows[to];
  if (here < 0 || !row) return;
  event.preventDefault();
  event.stopPropagation();
  row.focus();
}
