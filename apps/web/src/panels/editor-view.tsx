"use client";

import { ReactFlowProvider } from "@xyflow/react";
import { PanelRightClose, PanelRightOpen } from "lucide-react";
import { useEffect, useState } from "react";
import { Canvas } from "../canvas/canvas";
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
import { Inspector } from "./inspector/inspector";
import { Palette } from "./palette";
import { useLooksOnly } from "./people/use-looks-only";
import { PlanPanel } from "./plan-panel";
import { RemovedNotice } from "./removed-notice";
import { ReturnedNotice } from "./returned-notice";
import { TopBar } from "./top-bar";
import { useOpenEditor } from "./use-open-editor";
import { usePanelSizes } from "./use-panel-sizes";

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

type SideTab = "inspector" | "plan";

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

  // An apply is worth watching: its progress comes up by itself.
  useEffect(() => live.subscribe((now, before) => {
    if (!now.run || now.run.startedAt === before.run?.startedAt) return;
    setDockTab((tab) => (tab === "json" ? "events" : tab));
    change({ dockOpen: true });
  }), [live, change]);

  return (
    <div className="flex h-dvh flex-col">
      <TopBar
        actions={actions}
        onTest={() => {
          setDockTab("test");
          change({ dockOpen: true });
        }}
        onPlan={() => {
          setSideTab("plan");
          change({ sideOpen: true });
        }}
      />
      <RemovedNotice />
      <ReturnedNotice />
      <div className="flex min-h-0 flex-1">
        <aside aria-label="Palette" className={`shrink-0 border-r border-line bg-surface ${sizes.narrowPalette ? "w-14" : "w-52"}`}>
          {looksOnly ? null : <Palette narrow={sizes.narrowPalette} onToggle={() => change({ narrowPalette: !sizes.narrowPalette })} />}
        </aside>
        <div className="flex min-w-0 flex-1 flex-col">
          <main className="relative min-h-0 flex-1" aria-label="Canvas">
            <Canvas />
            {empty ? <EmptyCanvas /> : null}
          </main>
          {sizes.dockOpen ? <Resizer label="Height of the dock" direction="vertical" size={sizes.dock} min={140} max={560} onSize={(dock) => change({ dock })} /> : <div className="h-px bg-line" />}
          <div className="shrink-0 bg-surface" style={{ height: sizes.dockOpen ? sizes.dock : DOCK_BAR }}>
            <Dock
              tab={dockTab}
              open={sizes.dockOpen}
              onTab={(tab) => {
                setDockTab(tab);
                change({ dockOpen: true });
              }}
              onToggle={() => change({ dockOpen: !sizes.dockOpen })}
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
                  ]}
                  extra={<IconButton label="Collapse the details" icon={<PanelRightClose className="size-4" />} onClick={() => change({ sideOpen: false })} />}
                />
              )}
            </aside>
          </>
        ) : (
          <div className="flex w-10 shrink-0 justify-center border-l border-line bg-surface pt-1">
            <IconButton label="Open the details" icon={<PanelRightOpen className="size-4" />} onClick={() => change({ sideOpen: true })} />
          </div>
        )}
      </div>
      <DropGhost />
      <PointerNotes />
      <DeleteDialog actions={actions} />
    </div>
  );
}
