"use client";

import { ReactFlowProvider } from "@xyflow/react";
import { PanelRightClose, PanelRightOpen } from "lucide-react";
import clsx from "clsx";
import { useCallback, useEffect, useMemo, useState } from "react";
import { DropGhost } from "../canvas/overlays/drop-ghost";
import { EditorProvider, useEditor, useEditorState, useLive } from "../canvas/state/editor-context";
import type { EditorApi } from "../canvas/state/editor-api";
import { PointerNotes } from "../canvas/overlays/pointer-notes";
import { useArrowKeys } from "../canvas/hooks/use-arrow-keys";
import { useEditorActions } from "../canvas/hooks/use-editor-actions";
import { useKeys } from "../canvas/hooks/use-keys";
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
import { CanvasArea } from "./history/canvas-area";
import { HistoryPanel } from "./history/history-panel";
import { PastInspector } from "./history/past-inspector";
import { useHistory } from "./history/use-history";
import { Inspector } from "./inspector/inspector";
import { PeerRequestDialog } from "./inspector/peer-request-dialog";
import { LeftPanel } from "./left-panel";
import { useLooksOnly } from "./people/use-looks-only";
import { PlanPanel } from "./plan-panel";
import { PointerHalo } from "./pointer-halo";
import { RemovedNotice } from "./removed-notice";
import { ReturnCountdown } from "./return-countdown";
import { ReturnedNotice } from "./returned-notice";
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
  const [sizes, change] = usePanelSizes();
  const [sideTab, setSideTab] = useState<SideTab>("inspector");
  const [dockTab, setDockTab] = useState<DockTab>("events");
  const [wantsFull, setWantsFull] = useState(false);
  const dockFull = wantsFull && sizes.dockOpen && (dockTab === "matrix" || dockTab === "map");
  const conflict = useEditorState((state) => state.conflict !== null);
  const empty = useEditorState((state) => state.document.vpcs.length === 0);
  const changes = useLive((live) => live.plan?.changes.length ?? 0);
  const looksOnly = useLooksOnly();
  const sideOpen = sizes.sideOpen || conflict;
  const history = useHistory();
  // The plan is about now.
  const past = sideOpen && sideTab !== "plan" && !conflict ? history : null;
  const isPast = Boolean(past?.view);
  const pastEditor = past?.view?.editor.editor;
  const projector = useProjector(sizes, change);

  // An apply is worth watching: its progress comes up by itself.
  useEffect(() => live.subscribe((now, before) => {
    if (!now.run || now.run.startedAt === before.run?.startedAt) return;
    setDockTab((tab) => (tab === "text" ? "events" : tab));
    change({ dockOpen: true });
  }), [live, change]);

  // Who selects something wants to read about it.
  useEffect(() => pastEditor?.subscribe(({ selection }, before) => {
    if (selection !== before.selection && selection.size > 0) setSideTab("inspector");
  }), [pastEditor]);

  const { toggle: toggleProjector, arrange } = projector;
  const panels = useMemo((): PanelActions => ({
    test: () => {
      setDockTab("test");
      arrange({ dockOpen: true });
    },
    plan: () => {
      setSideTab("plan");
      arrange({ sideOpen: true });
    },
    outline: () => change({ narrowPalette: false, leftTab: "outline" }),
    projector: toggleProjector,
    toggleLeft: () => change({ narrowPalette: !sizes.narrowPalette }),
    toggleDetails: () => arrange({ sideOpen: !sizes.sideOpen }),
    toggleDock: () => arrange({ dockOpen: !sizes.dockOpen }),
  }), [arrange, change, sizes, toggleProjector]);
  const commands = useCommands(actions, panels, isPast);
  useKeys(commands, actions.escape);
  useArrowKeys(!isPast && !looksOnly);
  const reveal = useCallback((id: string) => {
    setSideTab("inspector");
    arrange({ sideOpen: true });
    actions.reveal(id);
  }, [actions, arrange]);

  return (
    <div className={clsx("flex h-dvh flex-col", projector.on && "projector")}>
      <TopBar actions={actions} isPast={isPast} projector={projector.on} onProjector={projector.toggle} onTest={panels.test} onPlan={panels.plan} />
      <RemovedNotice />
      <ReturnCountdown />
      <ReturnedNotice />
      <div className="flex min-h-0 flex-1">
        {projector.on ? null : (
          <aside aria-label="Left panel" inert={isPast} className={clsx("shrink-0 border-r border-line bg-surface", sizes.narrowPalette ? "w-14" : "w-60", isPast && "opacity-40")}>
            <LeftPanel
              tab={sizes.leftTab}
              onTab={(leftTab) => change({ leftTab })}
              narrow={sizes.narrowPalette}
              onToggle={panels.toggleLeft}
              looksOnly={looksOnly}
              onReveal={reveal}
            />
          </aside>
        )}
        <div className="relative flex min-w-0 flex-1 flex-col">
          <main className="relative min-h-0 flex-1" aria-label="Canvas">
            <CanvasMenu commands={commands}><div className="size-full"><CanvasArea history={past} /></div></CanvasMenu>
            {empty && !isPast && !looksOnly ? <EmptyCanvas /> : null}
          </main>
          {sizes.dockOpen ? <Resizer label="Height of the dock" direction="vertical" size={sizes.dock} min={140} max={560} onSize={(dock) => change({ dock })} /> : <div className="h-px bg-line" />}
          <div className="shrink-0 bg-surface" style={{ height: sizes.dockOpen ? sizes.dock : DOCK_BAR }}>
            <div className={dockFull ? "absolute inset-0 z-20 bg-surface" : "h-full"}><Dock
              tab={dockTab}
              open={sizes.dockOpen}
              onTab={(tab) => {
                setDockTab(tab);
                projector.arrange({ dockOpen: true });
              }}
              onToggle={panels.toggleDock}
              full={dockFull}
              onFull={setWantsFull}
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
                    { value: "inspector", label: "Inspector", content: <div className="flex h-full flex-col">{past?.view ? <PastInspector history={past} view={past.view} /> : <Inspector actions={actions} />}</div> },
                    { value: "plan", label: <>Plan{changes > 0 ? <span className="numeric rounded-full bg-accent-soft px-1.5 text-xs text-accent">{changes}</span> : null}</>, content: <div className="flex h-full flex-col"><PlanPanel /></div> },
                    { value: "history", label: "History", content: <HistoryPanel history={history} onObject={() => setSideTab("inspector")} /> },
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
      <CommandPalette commands={commands} onObject={reveal} />
      <ShortcutList commands={commands} />
      <InstancesDialog />
      <PeerRequestDialog />
    </div>
  );
}
