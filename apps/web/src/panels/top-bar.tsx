"use client";

import { ChevronDown, FlaskConical, ListChecks, Maximize, MoreHorizontal, Play, Presentation, Radio, Redo2, Search, Trash2, Undo2, ZoomIn, ZoomOut } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useEditor, useEditorState, useLive } from "../canvas/state/editor-context";
import type { EditorActions } from "../canvas/hooks/use-editor-actions";
import { Button } from "../ui/button";
import { IconButton } from "../ui/icon-button";
import { Logo } from "../ui/logo";
import { Menu, MenuItem } from "../ui/menu";
import { ThemeToggle } from "../ui/theme-toggle";
import { HostBadge } from "./host-badge";
import { AccountMenu } from "./people/account-menu";
import { useLooksOnly } from "./people/use-looks-only";
import { PeopleHere } from "./people-here";
import { SaveBadge } from "./save-badge";
import { SafeApplyMenu } from "./safe-apply-menu";
import { StageLinksDialog } from "./stage/stage-links-dialog";
import { TeardownDialog } from "./teardown-dialog";
import { TopologyMenu } from "./topology-menu";
import { useDeployment } from "./use-deployment";

interface TopBarProps {
  readonly actions: EditorActions;
  /** The canvas shows an earlier revision: what would change the one beneath waits. */
  readonly isPast: boolean;
  readonly projector: boolean;
  readonly onProjector: () => void;
  readonly onTest: () => void;
  readonly onPlan: () => void;
}

const ICON = "size-4";

export function TopBar({ actions, isPast, projector, onProjector, onTest, onPlan }: TopBarProps) {
  const { gestures } = useEditor();
  const undoLabel = useEditorState((state) => state.past.at(-1)?.label);
  const redoLabel = useEditorState((state) => state.future.at(-1)?.label);
  const changes = useLive((live) => live.plan?.changes.length ?? 0);
  const online = useLive((live) => live.host?.online ?? false);
  const applying = useLive((live) => live.deployment.state === "applying" || (live.run !== null && live.run.endedAt === null));
  // While its host is away an apply is stored, and a newer one takes its place.
  const isAway = useLive((live) => live.heard && live.host?.state === "approved" && !live.host.online);
  const isEmpty = useLive((live) => live.deployment.state === "empty");
  const [askTeardown, setAskTeardown] = useState(false);
  const [showLinks, setShowLinks] = useState(false);
  const { apply, teardown } = useDeployment();
  const looksOnly = useLooksOnly();

  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-surface px-3">
      <Link href="/" aria-label="All topologies" className="flex size-8 items-center justify-center rounded-box hover:bg-raised"><Logo /></Link>
      <TopologyMenu />
      <SaveBadge />
      <span aria-hidden className="mx-1 h-5 w-px bg-line" />
      <HostBadge />
      <PeopleHere />

      <div className="ml-auto flex items-center gap-1">
        <button
          type="button"
          aria-keyshortcuts="Control+K"
          onClick={() => gestures.setState({ overlay: { kind: "find" } })}
          className="mr-1 flex h-8 items-center gap-2 rounded-box border border-line px-2.5 text-sm text-muted hover:border-line-strong hover:text-text"
        >
          <Search className={ICON} aria-hidden />
          Find
          <kbd aria-hidden className="numeric ml-2 text-xs max-[1180px]:hidden">Ctrl K</kbd>
        </button>
        <IconButton label={undoLabel ? `Undo: ${undoLabel}` : "Undo"} keys="Ctrl Z" icon={<Undo2 className={ICON} />} disabled={!undoLabel || isPast} onClick={actions.undo} />
        <IconButton label={redoLabel ? `Redo: ${redoLabel}` : "Redo"} keys="Ctrl Shift Z" icon={<Redo2 className={ICON} />} disabled={!redoLabel || isPast} onClick={actions.redo} />
        <span aria-hidden className="mx-1 h-5 w-px bg-line" />
        <IconButton label="Zoom out" icon={<ZoomOut className={ICON} />} onClick={actions.zoomOut} />
        <IconButton label="Zoom in" icon={<ZoomIn className={ICON} />} onClick={actions.zoomIn} />
        <IconButton label="Zoom to fit" keys="F" icon={<Maximize className={ICON} />} onClick={actions.fit} />
        <ThemeToggle />
        <IconButton label="Projector mode" keys="P" aria-pressed={projector} icon={<Presentation className={ICON} />} onClick={onProjector} />
        <span aria-hidden className="mx-1 h-5 w-px bg-line" />
        {looksOnly ? <span className="px-2 text-xs text-muted" title="Your role shows topologies and changes none">View only</span> : null}
        <Button look="quiet" onClick={onTest}><FlaskConical className={ICON} aria-hidden />Test</Button>
        <Button look="quiet" onClick={onPlan}>
          <ListChecks className={ICON} aria-hidden />
          Plan
          {changes > 0 ? <span className="numeric rounded-full bg-accent-soft px-1.5 text-xs text-accent">{changes}<span className="sr-only">{changes === 1 ? " change" : " changes"}</span></span> : null}
        </Button>
        <Button
          look="primary"
          onClick={apply}
          disabled={looksOnly || isPast || !(isAway || (online && !applying))}
          title={isPast ? "The canvas shows an earlier revision; go back to now first" : looksOnly ? "Viewers do not apply" : isAway ? "Carried out when the host is back" : online ? undefined : "No host is online"}
        >
          <Play className={ICON} aria-hidden />
          {applying && !isAway ? "Applying" : "Apply"}
        </Button>
        {looksOnly ? null : <SafeApplyMenu disabled={isPast} />}
        <Menu
          align="end"
          trigger={<button type="button" aria-label="More actions" className="flex size-8 items-center justify-center rounded-box text-muted hover:bg-raised"><MoreHorizontal className={ICON} /></button>}
        >
          <MenuItem icon={<Radio className={ICON} />} disabled={looksOnly} onSelect={() => setShowLinks(true)}>Stage links</MenuItem>
          <MenuItem danger icon={<Trash2 className={ICON} />} disabled={looksOnly || !online || applying || isEmpty} onSelect={() => setAskTeardown(true)}>Tear down</MenuItem>
        </Menu>
        <AccountMenu />
      </div>
      <StageLinksDialog open={showLinks} onClose={() => setShowLinks(false)} />
      <TeardownDialog open={askTeardown} onClose={() => setAskTeardown(false)} onConfirm={teardown} />
    </header>
  );
}

export const MenuChevron = () => <ChevronDown className="size-4 text-muted" aria-hidden />;
