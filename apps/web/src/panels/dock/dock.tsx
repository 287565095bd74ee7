"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import { useLive } from "../../canvas/state/editor-context";
import { IconButton } from "../../ui/icon-button";
import { Tabs } from "../../ui/tabs";
import { MatrixTab } from "../matrix/matrix-tab";
import { ResourceMapTab } from "../resource-map/resource-map-tab";
import { ActivityTab } from "./activity-tab";
import { EventsTab } from "./events-tab";
import { HintCount } from "./hint-count";
import { HintsTab } from "./hints-tab";
import { RunBadge } from "./run-badge";
import { TestTab } from "./test-tab";
import { TextTab } from "./text-tab";

export type DockTab = "events" | "activity" | "test" | "matrix" | "map" | "hints" | "text";

interface DockProps {
  readonly tab: DockTab;
  readonly open: boolean;
  readonly onTab: (tab: DockTab) => void;
  readonly onToggle: () => void;
  /** The matrix or the map takes the whole centre. */
  readonly full: boolean;
  readonly onFull: (full: boolean) => void;
}

/** Beneath the canvas: what happens, what was done, packet tests, and the document as text. */
export function Dock({ tab, open, onTab, onToggle, full, onFull }: DockProps) {
  const run = useLive((live) => live.run);
  return (
    <section aria-label="Dock" className="flex h-full min-h-0 flex-col">
      <Tabs<DockTab>
        label="Dock"
        value={tab}
        onChange={onTab}
        tabs={[
          { value: "events", label: <>Events{run ? <RunBadge run={run} /> : null}</>, content: open ? <EventsTab /> : null },
          { value: "activity", label: "Activity", content: open ? <ActivityTab /> : null },
          { value: "test", label: "Reachability test", content: open ? <TestTab /> : null },
          { value: "matrix", label: "Matrix", content: open ? <MatrixTab full={full} onFull={onFull} /> : null },
          { value: "map", label: "Resource map", content: open ? <ResourceMapTab full={full} onFull={onFull} /> : null },
          { value: "hints", label: <>Hints<HintCount /></>, content: open ? <HintsTab /> : null },
          { value: "text", label: "YAML", content: open ? <TextTab /> : null },
        ]}
        extra={
          <IconButton
            label={open ? "Collapse the dock" : "Open the dock"}
            icon={open ? <ChevronDown className="size-4" /> : <ChevronUp className="size-4" />}
            onClick={onToggle}
          />
        }
      />
    </section>
  );
}
