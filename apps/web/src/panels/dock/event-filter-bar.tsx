import { kindWord } from "@vpclab/shared/topology/diff";
import { OBJECT_KINDS } from "@vpclab/shared/topology/topology";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import { Crosshair } from "lucide-react";
import { Segmented } from "../../ui/segmented";
import type { EventFilter } from "./event-filter";

const LEVELS = [{ value: "info", label: "All" }, { value: "warn", label: "Warnings" }, { value: "error", label: "Errors" }] as const;

interface EventFilterBarProps {
  readonly filter: EventFilter;
  readonly onChange: (filter: EventFilter) => void;
  /** The one object that is selected, if it is one. */
  readonly selected: { readonly id: string; readonly name: string } | null;
  /** How many lines are shown, of how many. */
  readonly shown: number;
  readonly of: number;
}

/** Which events are shown: by level, by kind of object, by words, or of the selected object alone. */
export function EventFilterBar({ filter, onChange, selected, shown, of }: EventFilterBarProps) {
  const set = (change: Partial<EventFilter>) => onChange({ ...filter, ...change });
  const only = filter.objectId !== null;
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <div className="w-48"><Segmented<EventFilter["level"]> label="From which level" value={filter.level} options={LEVELS} onChange={(level) => set({ level })} /></div>
      <select aria-label="Kind of object" value={filter.kind} onChange={(event) => set({ kind: event.target.value as ObjectKind | "all" })} className="h-8 rounded-box border border-line bg-surface px-1.5 text-xs hover:border-line-strong">
        <option value="all">Every object</option>
        {OBJECT_KINDS.map((kind) => <option key={kind} value={kind}>{kindWord(kind)}</option>)}
      </select>
      <input
        type="search"
        aria-label="Words in the event"
        placeholder="Filter by words"
        value={filter.text}
        onChange={(event) => set({ text: event.target.value })}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") set({ text: "" });
        }}
        className="h-8 w-40 min-w-36 flex-1 rounded-box border border-line bg-surface px-2 text-sm hover:border-line-strong focus:border-accent"
      />
      {selected || only ? (
        <button
          type="button"
          aria-pressed={only}
          onClick={() => set({ objectId: only ? null : selected?.id ?? null })}
          className={`flex h-8 max-w-40 items-center gap-1.5 rounded-box border px-2 text-xs ${only ? "border-accent bg-accent-soft text-accent" : "border-line text-muted hover:border-line-strong"}`}
        >
          <Crosshair className="size-3.5 shrink-0" aria-hidden /><span className="truncate">{only ? "One object" : `Only ${selected?.name ?? ""}`}</span>
        </button>
      ) : null}
      <span role="status" className="numeric text-xs text-muted">{shown === of ? of : `${shown} of ${of}`}</span>
    </header>
  );
}
