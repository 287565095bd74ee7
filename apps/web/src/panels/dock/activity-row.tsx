"use client";

import type { ActivitySummary } from "@vpclab/shared/wire/activity";
import clsx from "clsx";
import { Ban, Check, ChevronRight, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { ActivityCommands } from "./activity-commands";

const RESULT: Readonly<Record<ActivitySummary["outcome"], { readonly icon: ReactNode; readonly tone: string }>> = {
  done: { icon: <Check className="size-3.5" aria-hidden />, tone: "text-ok" },
  failed: { icon: <CircleX className="size-3.5" aria-hidden />, tone: "text-bad" },
  refused: { icon: <Ban className="size-3.5" aria-hidden />, tone: "text-warn" },
};

interface ActivityRowProps {
  readonly entry: ActivitySummary;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** One action in a line; why it failed and its commands beneath when it is opened. */
export function ActivityRow({ entry, open, onToggle }: ActivityRowProps) {
  const { at, actor, action, text, outcome, reason, seconds } = entry;
  const { icon, tone } = RESULT[outcome];
  return (
    <li data-outcome={outcome} data-action={action}>
      <button
        type="button" aria-expanded={open} onClick={onToggle}
        className={clsx("grid w-full grid-cols-[1rem_5rem_minmax(0,5.5rem)_4.5rem_minmax(0,1fr)_4.75rem_3.75rem] items-baseline gap-2 rounded-box px-2 py-1 text-left text-sm hover:bg-raised", open && "bg-raised")}
      >
        <ChevronRight className={clsx("size-4 self-center text-muted transition-transform duration-100", open && "rotate-90")} aria-hidden />
        <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString("en-GB")} className="numeric text-xs text-muted">{timeText(at)}</time>
        <span className="truncate" title={actor}>{actor}</span>
        <span className="truncate text-muted">{action}</span>
        <span className="truncate" title={text}>{text}{reason ? <span className="ml-2 text-xs text-bad">{reason}</span> : null}</span>
        <span className={clsx("flex items-center gap-1.5 self-center text-xs", tone)}>{icon}{outcome}</span>
        <span className="numeric text-right text-xs text-muted">{seconds > 0 ? `${seconds.toFixed(2)} s` : ""}</span>
      </button>
      {open ? <div className="pt-1 pr-2 pb-3 pl-8"><ActivityCommands entry={entry} /></div> : null}
    </li>
  );
}

const two = (part: number): string => String(part).padStart(2, "0");

/** Today `14:05:09`, else `11-20 14:05`, where the person is. */
function timeText(at: number): string {
  const date = new Date(at);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? `${clock}:${two(date.getSeconds())}` : `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}
