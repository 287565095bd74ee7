"use client";

import { Tabs } from "../ui/tabs";
import { Outline } from "./outline/outline";
import { Palette } from "./palette";

export type LeftTab = "add" | "outline";

interface LeftPanelProps {
  readonly tab: LeftTab;
  readonly onTab: (tab: LeftTab) => void;
  readonly narrow: boolean;
  readonly onToggle: () => void;
  /** Draws nothing, so there is no palette. */
  readonly looksOnly: boolean;
  readonly onReveal: (id: string) => void;
}

/** Left of the canvas: what can be added, or the drawing as a tree. */
export function LeftPanel({ tab, onTab, narrow, onToggle, looksOnly, onReveal }: LeftPanelProps) {
  const palette = <Palette narrow={narrow} onToggle={onToggle} />;
  if (narrow) return looksOnly ? null : palette;
  const outline = { value: "outline" as const, label: "Outline", content: <div className="flex h-full flex-col"><Outline onReveal={onReveal} /></div> };
  return (
    <div className="flex h-full flex-col">
      <Tabs<LeftTab>
        label="Left panel"
        value={looksOnly ? "outline" : tab}
        onChange={onTab}
        tabs={looksOnly ? [outline] : [{ value: "add", label: "Add", content: palette }, outline]}
      />
    </div>
  );
}
