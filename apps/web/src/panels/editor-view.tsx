"use client";

import { ReactFlowProvider } from "@xyflow/react";
import { PanelRightClose, PanelRightOpen } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Canvas } from "../canvas/canvas";
import { DropGhost } from "../canvas/drop-ghost";
import { EditorProvider, useEditor, useEditorState, useLive } from "../canvas/editor-context";
import type { EditorApi } from "../canvas/editor-api";
import { PointerNotes } from "../canvas/pointer-notes";
import { useArrowKeys } from "../canvas/use-arrow-keys";
import { useEditorActions } from "../canvas/use-editor-actions";
import { useKeys } from "../canvas/use-keys";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { IconButton } from "../ui/icon-button";
import { Resizer } from "../ui/resizer";
import { Tabs } from "../ui/tabs";
import { CanvasMenu } from "./commands/canvas-menu";
import { CommandPalette } from "./commands/command-palette";
import { InstancesDialog } from "./commands/instances-dialog";
import { ShortcutList } from "./commands/shortcut-list";
import { useCommands } from "./commands/use-commands";
import type { PanelActions } from "./commands/use-commands";
import { ConflictPanel } from "./conflict-panel";
import { DeleteDialog } from "./delete-dialog";
import { Dock } from "./dock/dock";
import type { DockTab } from "./dock/dock";
import { EmptyCanvas } from "./empty-canvas";
import { Inspector } from "./inspector/inspector";
import { LeftPanel } from "./left-panel";
import { useLooksOnly } from "./people/use-looks-only";
import { PlanPanel } from "./plan-panel";
import { RemovedNotice } from "./removed-notice";
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
  const [sizes, change] = usePanelSizes();
  const [sideTab, setSideTab] = useState<SideTab>("inspector");
  const [dockTab, setDockTab] = useState<DockTab>("events");
  const [matrixFull, setMatrixFull] = useState(false);
  const dockFull = matrixFull && sizes.dockOpen && dockTab === "matrix";
  const conflict = useEditorState((state) => state.conflict !== null);
  const empty = useEditorState((state) => state.document.vpcs.length === 0);
  const changes = useLive((live) => live.plan?.changes.length ?? 0);
  const looksOnly = useLooksOnly();
  const sideOpen = sizes.sideOpen || conflict;

  // An apply is worth watching: its progress comes up by itself.
  useEffect(() => live.subscribe((now, before) => {
    if (!now.run || now.run.startedAt === before.run?.startedAt) return;
    setDockTab((tab) => (tab === "text" ? "events" : tab));
    change({ dockOpen: true });
  }), [live, change]);

  const panels = useMemo((): PanelActions => ({
    test: () => {
      setDockTab("test");
      change({ dockOpen: true });
    },
    plan: () => {
      setSideTab("plan");
      change({ sideOpen: true });
    },
    outline: () => change({ narrowPalette: false, leftTab: "outline" }),
    toggleLeft: () => change({ narrowPalette: !sizes.narrowPalette }),
    toggleDetails: () => change({ sideOpen: !sizes.sideOpen }),
    toggleDock: () => change({ dockOpen: !sizes.dockOpen }),
  }), [change, sizes]);
  const commands = useCommands(actions, panels);
  useKeys(commands, actions.escape);
  useArrowKeys();
  const reveal = useCallback((id: string) => {
    setSideTab("inspector");
    change({ sideOpen: true });
    actions.reveal(id);
  }, [actions, change]);

  return (
    <div className="flex h-dvh flex-col">
      <TopBar actions={actions} onTest={panels.test} onPlan={panels.plan} />
      <RemovedNotice />
      <div className="flex min-h-0 flex-1">
        <aside aria-label="Left panel" className={`shrink-0 border-r border-line bg-surface ${sizes.narrowPalette ? "w-14" : "w-60"}`}>
          <LeftPanel
            tab={sizes.leftTab}
            onTab={(leftTab) => change({ leftTab })}
            narrow={sizes.narrowPalette}
            onToggle={panels.toggleLeft}
            looksOnly={looksOnly}
            onReveal={reveal}
          />
        </aside>
        <div className="relative flex min-w-0 flex-1 flex-col">
          <main className="relative min-h-0 flex-1" aria-label="Canvas">
            <CanvasMenu commands={commands}><div className="size-full"><Canvas /></div></CanvasMenu>
            {empty ? <EmptyCanvas /> : null}
          </main>
          {sizes.dockOpen ? <Resizer label="Height of the dock" direction="vertical" size={sizes.dock} min={140} max={560} onSize={(dock) => change({ dock })} /> : <div className="h-px bg-line" />}
          <div className="shrink-0 bg-surface" style={{ height: sizes.dockOpen ? sizes.dock : DOCK_BAR }}>
            <div className={dockFull ? "absolute inset-0 z-20 bg-surface" : "h-full"}><Dock
              tab={dockTab}
              open={sizes.dockOpen}
              onTab={(tab) => {
                setDockTab(tab);
                change({ dockOpen: true });
              }}
              onToggle={() => change({ dockOpen: !sizes.dockOpen })}
              full={dockFull}
              onFull={setMatrixFull}
            /></div>
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
      <CommandPalette commands={commands} onObject={reveal} />
      <ShortcutList commands={commands} />
      <InstancesDialog />
    </div>
  );
}
