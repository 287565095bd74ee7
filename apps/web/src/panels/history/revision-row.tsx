"use client";

import type { RevisionSummary } from "@vpclab/shared/wire/api";
import clsx from "clsx";
import { CircleCheck } from "lucide-react";
import { dayAndTime } from "./day-and-time";

interface RevisionRowProps {
  readonly row: RevisionSummary;
  /** It is the newest one. */
  readonly isNow: boolean;
  readonly shown: boolean;
  readonly onShow: () => void;
}

export const RevisionRow = ({ row, isNow, shown, onShow }: RevisionRowProps) => (
  <li>
    <button
      type="button" aria-current={shown} onClick={onShow} data-revision={row.revision}
      className={clsx("grid w-full grid-cols-[2.5rem_minmax(0,1fr)_auto] items-baseline gap-x-2 rounded-box px-2 py-1.5 text-left text-sm hover:bg-raised", shown && "bg-accent-soft")}
    >
      <span className="numeric text-right font-medium">{row.revision}</span>
      <span className="truncate">{row.author}{isNow ? <span className="ml-2 text-xs text-muted">now</span> : null}</span>
      <time dateTime={row.createdAt} title={new Date(row.createdAt).toLocaleString("en-GB")} className="numeric text-xs text-muted">{dayAndTime(row.createdAt)}</time>
      <span className="col-start-2 col-end-4 flex items-start gap-2 text-xs text-muted">
        <span className="line-clamp-2 min-w-0 flex-1 break-words">{row.summary ?? "not told"}</span>
        {row.applied ? <span className="flex shrink-0 items-center gap-1 text-ok"><CircleCheck className="size-3.5" aria-hidden />applied</span> : null}
      </span>
    </button>
  </li>
);
