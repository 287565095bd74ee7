import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { shownKeys } from "../../canvas/hooks/shortcut";
import { KindIcon, listedKindWord } from "../kind-icon";
import type { PaletteRow } from "./use-palette-rows";

interface PaletteOptionProps {
  readonly id: string;
  readonly row: PaletteRow;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

/** One line of what was found: an object with its kind and address, or a command with its keys, or why it cannot be done. */
export function PaletteOption({ id, row, active, onPoint, onChoose }: PaletteOptionProps) {
  const refused = row.refusal !== undefined;
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={refused}
      onPointerMove={onPoint}
      onClick={onChoose}
      className={clsx("flex min-h-9 items-center gap-3 rounded-[6px] px-2.5 py-1.5 text-sm", active && "bg-accent-soft", refused && "text-muted")}
    >
      {row.kind ? <KindIcon kind={row.kind} isPublic={row.isPublic} /> : <ChevronRight className="size-4 shrink-0 text-muted" aria-hidden />}
      <span className="min-w-0 flex-1 truncate">
        {row.label}
        {row.why ? <span className="ml-2 text-xs text-muted">{row.why}</span> : null}
      </span>
      {refused ? <span className="shrink-0 text-xs text-muted">{row.refusal}</span> : null}
      {row.detail ? <span className="numeric shrink-0 text-xs text-muted">{row.detail}</span> : null}
      {row.kind ? <span className="w-28 shrink-0 truncate text-right text-xs text-muted">{listedKindWord(row.kind)}</span> : null}
      {row.keys && !refused ? <kbd className="numeric shrink-0 rounded-[5px] border border-line px-1.5 text-xs text-muted">{shownKeys(row.keys)}</kbd> : null}
    </div>
  );
}
