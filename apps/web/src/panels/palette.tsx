"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useGesture } from "../canvas/state/editor-context";
import { PALETTE_ITEMS, PALETTE_WORDS } from "../canvas/gestures/palette-item";
import type { PaletteItem } from "../canvas/gestures/palette-item";
import { usePaletteDrag } from "../canvas/hooks/use-palette-drag";
import { IconButton } from "../ui/icon-button";
import { KindIcon } from "./kind-icon";

const iconOf = (item: PaletteItem) =>
  item === "public-subnet" || item === "private-subnet" ? <KindIcon kind="subnet" isPublic={item === "public-subnet"} /> : <KindIcon kind={item} />;

interface PaletteProps {
  readonly narrow: boolean;
  readonly onToggle: () => void;
}

/** What can be drawn. Drag it, or press Enter to add it where it fits. */
export function Palette({ narrow, onToggle }: PaletteProps) {
  const { onPointerDown, onAdd } = usePaletteDrag();
  const peering = useGesture((state) => state.peering !== null);
  return (
    <nav aria-label="Palette" className="flex h-full flex-col gap-1 overflow-y-auto p-2">
      {PALETTE_ITEMS.map((item) => {
        const { label, hint } = PALETTE_WORDS[item];
        return (
          <button
            key={item}
            type="button"
            aria-label={narrow ? label : undefined}
            aria-describedby={narrow ? undefined : `palette-${item}`}
            title={narrow ? `${label}: ${hint}` : hint}
            aria-pressed={item === "peering" ? peering : undefined}
            onPointerDown={(event) => onPointerDown(item, event)}
            onClick={(event) => {
              const { right, top } = event.currentTarget.getBoundingClientRect();
              onAdd(item, { x: right, y: top });
            }}
            className="flex min-h-11 touch-none items-center gap-2.5 rounded-box border border-transparent px-2.5 py-1.5 text-left select-none hover:border-line hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-soft"
          >
            {iconOf(item)}
            {narrow ? null : (
              <span className="min-w-0">
                <span className="block text-sm">{label}</span>
                <span id={`palette-${item}`} aria-hidden className="block text-xs text-muted">{hint}</span>
              </span>
            )}
          </button>
        );
      })}
      <div className="mt-auto flex justify-end pt-2">
        <IconButton
          label={narrow ? "Widen the palette" : "Narrow the palette"}
          icon={narrow ? <PanelLeftOpen className="size-4" /> : <PanelLeftClose className="size-4" />}
          onClick={onToggle}
        />
      </div>
    </nav>
  );
}
