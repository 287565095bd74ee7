"use client";

import { ReactFlowProvider } from "@xyflow/react";
import { PanelRightClose, PanelRightOpen } from "lucide-react";
import clsx from "clsx";
import { useEffect, useState } from "react";
import { DropGhost } from "../canvas/drop-ghost";
import { EditorProvider, useEditor, useEditorState, useLive } from "../canvas/editor-context";
import type { EditorApi } from "../canvas/editor-api";
import { PointerNotes } from "../canvas/pointer-notes";
import { useEditorActions } from "../canvas/use-editor-actions";
import { useKeys } from "../canvas/use-keys";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { IconButton } from "../ui/icon-button";
import { Resizer } from "../ui/resizer";
import { Tabs } from "../ui/tabs";
import { ConflictPanel } from "./conflict-panel";
import { DeleteDialog } from "./delete-dialog";
import { Dock } from "./dock/dock";
import type { DockTab } from "./dock/dock";
import { EmptyCanvas } from "./empty-canvas";
import { CanvasArea } from "./history/canvas-area";
import { HistoryPanel } from "./history/history-panel";
import { useHistory } from "./history/use-history";
import { Inspector } from "./inspector/inspector";
import { Palette } from "./palette";
import { useLooksOnly } from "./people/use-looks-only";
import { PlanPanel } from "./plan-panel";
import { PointerHalo } from "./pointer-halo";
import { RemovedNotice } from "./removed-notice";
import { TopBar } from "./top-bar";
import { useOpenEditor } from "./use-open-editor";
import { usePanelSizes } from "./use-panel-sizes";
import { useProjector } from "./use-projector";

const DOCK_BAR = 41;

/** The editor of one topology: palette, canvas, inspector, dock. Panels take room from the canvas, they never cover it. */
export function EditorView({ snapshot, api }: { readonly snapshot: TopologySnapshot; readonly api: EditorApi }) {
  const editor = useOpenEditor(snapshot, api);
  return (
    <EditorProvider value={editor}>
      <ReactFlowProvider><EditorLayout /></ReactFlowProvider>
    </EditorProvider>
  );
}

type SideTab = "inspector" | "plan" | "history";

function EditorLayout() {
  const { live } = useEditor();
  const actions = useEditorActions();
  useKeys(actions);
  const [sizes, change] = usePanelSizes();
  const [sideTab, setSideTab] = useState<SideTab>("inspector");
  const [dockTab, setDockTab] = useState<DockTab>("events");
  const conflict = useEditorState((state) => state.conflict !== null);
  const empty = useEditorState((state) => state.document.vpcs.length === 0);
  const changes = useLive((live) => live.plan?.changes.length ?? 0);
  const looksOnly = useLooksOnly();
  const sideOpen = sizes.sideOpen || conflict;
  const history = useHistory();
  const past = sideOpen && sideTab === "history" && !conflict ? history : null;

  const projector = useProjector(sizes, change);

  // An apply is worth watching: its progress comes up by itself.
  useEffect(() => live.subscribe((now, before) => {
    if (!now.run || now.run.startedAt === before.run?.startedAt) return;
    setDockTab((tab) => (tab === "json" ? "events" : tab));
    change({ dockOpen: true });
  }), [live, change]);

  return (
    <div className={clsx("flex h-dvh flex-col", projector.on && "projector")}>
      <TopBar
        actions={actions}
        isPast={Boolean(past?.view)}
        projector={projector.on}
        onProjector={projector.toggle}
        onTest={() => {
          setDockTab("test");
          projector.arrange({ dockOpen: true });
        }}
        onPlan={() => {
          setSideTab("plan");
          projector.arrange({ sideOpen: true });
        }}
      />
      <RemovedNotice />
      <div className="flex min-h-0 flex-1">
        {projector.on ? null : (
          <aside aria-label="Palette" inert={Boolean(past?.view)} className={clsx("shrink-0 border-r border-line bg-surface", sizes.narrowPalette ? "w-14" : "w-52", past?.view && "opacity-40")}>
            {looksOnly ? null : <Palette narrow={sizes.narrowPalette} onToggle={() => change({ narrowPalette: !sizes.narrowPalette })} />}
          </aside>
        )}
        <div className="flex min-w-0 flex-1 flex-col">
          <main className="relative min-h-0 flex-1" aria-label="Canvas">
            <CanvasArea history={past} />
            {empty && !past?.view ? <EmptyCanvas /> : null}
          </main>
          {sizes.dockOpen ? <Resizer label="Height of the dock" direction="vertical" size={sizes.dock} min={140} max={560} onSize={(dock) => change({ dock })} /> : <div className="h-px bg-line" />}
          <div className="shrink-0 bg-surface" style={{ height: sizes.dockOpen ? sizes.dock : DOCK_BAR }}>
            <Dock
              tab={dockTab}
              open={sizes.dockOpen}
              onTab={(tab) => {
                setDockTab(tab);
                projector.arrange({ dockOpen: true });
              }}
              onToggle={() => projector.arrange({ dockOpen: !sizes.dockOpen })}
            />
          </div>
        </div>
        {sideOpen ? (
          <>
            <Resizer label="Width of the inspector" direction="horizontal" size={sizes.side} min={280} max={640} onSize={(side) => change({ side })} />
            <aside aria-label="Details" className="flex shrink-0 flex-col bg-surface" style={{ width: sizes.side }}>
              {conflict ? <ConflictPanel /> : (
                <Tabs<SideTab>
                  label="Details"
                  value={sideTab}
                  onChange={setSideTab}
                  tabs={[
                    { value: "inspector", label: "Inspector", content: <div className="flex h-full flex-col"><Inspector actions={actions} /></div> },
                    { value: "plan", label: <>Plan{changes > 0 ? <span className="numeric rounded-full bg-accent-soft px-1.5 text-xs text-accent">{changes}</span> : null}</>, content: <div className="flex h-full flex-col"><PlanPanel /></div> },
                    { value: "history", label: "History", content: <HistoryPanel history={history} /> },
                  ]}
                  extra={<IconButton label="Collapse the details" icon={<PanelRightClose className="size-4" />} onClick={() => change({ sideOpen: false })} />}
                />
              )}
            </aside>
          </>
        ) : (
          <div className="flex w-10 shrink-0 justify-center border-l border-line bg-surface pt-1">
            <IconButton label="Open the details" icon={<PanelRightOpen className="size-4" />} onClick={() => projector.arrange({ sideOpen: true })} />
          </div>
        )}
      </div>
      {projector.on ? <PointerHalo /> : null}
      <DropGhost />
      <PointerNotes />
      <DeleteDialog actions={actions} />
    </div>
  );
}
