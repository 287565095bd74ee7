"use client";

import { History as HistoryIcon, RotateCcw } from "lucide-react";
import { Button } from "../../ui/button";

interface PastBarProps {
  readonly title: string;
  /** null: whoever looks may not. */
  readonly onRestore: (() => void) | null;
  readonly onLeave: () => void;
}

/** Above the canvas while it shows the past, so that nobody takes it for now. */
export function PastBar({ title, onRestore, onLeave }: PastBarProps) {
  return (
    <div role="status" aria-label="Earlier revision" className="flex shrink-0 items-center gap-3 border-b border-warn bg-warn-soft px-4 py-1.5 text-sm">
      <HistoryIcon className="size-4 shrink-0 text-warn" aria-hidden />
      <span className="min-w-0 flex-1 truncate"><strong className="font-semibold text-warn">{title}</strong><span className="ml-2 text-text">Read-only; nothing is changed by looking.</span></span>
      {onRestore ? <Button size="sm" onClick={onRestore}><RotateCcw className="size-3.5" aria-hidden />Restore</Button> : null}
      <Button size="sm" look="primary" onClick={onLeave}>Back to now<kbd className="numeric ml-1 text-xs opacity-80">Esc</kbd></Button>
    </div>
  );
}
