"use client";

import type { RevisionSummary } from "@vpclab/shared/wire/api";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "../../ui/icon-button";
import { dayAndTime } from "./day-and-time";

interface RevisionSliderProps {
  /** Oldest first; the last one is now. */
  readonly rows: readonly RevisionSummary[];
  readonly shown: RevisionSummary;
  readonly onShow: (row: RevisionSummary) => void;
}

/** Through time, oldest on the left: by mouse, by arrow keys, Home and End. */
export function RevisionSlider({ rows, shown, onShow }: RevisionSliderProps) {
  const at = Math.max(0, rows.findIndex(({ revision }) => revision === shown.revision));
  const move = (to: number) => {
    const row = rows[to];
    if (row && row.revision !== shown.revision) onShow(row);
  };
  return (
    <div className="flex items-center gap-1">
      <IconButton label="One revision back" icon={<ChevronLeft className="size-4" />} disabled={at === 0} onClick={() => move(at - 1)} />
      <input
        type="range" min={0} max={Math.max(0, rows.length - 1)} step={1} value={at} onChange={(event) => move(Number(event.target.value))}
        aria-label="Revision" aria-valuetext={`Revision ${shown.revision}, by ${shown.author}, ${dayAndTime(shown.createdAt)}${at === rows.length - 1 ? ", now" : ""}`}
        className="h-8 min-w-0 flex-1 accent-accent"
      />
      <IconButton label="One revision on" icon={<ChevronRight className="size-4" />} disabled={at >= rows.length - 1} onClick={() => move(at + 1)} />
    </div>
  );
}
