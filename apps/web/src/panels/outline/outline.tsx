"use client";

import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, MouseEvent } from "react";
import { useEditor, useEditorState, useLive, useObjectState, useScene } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { StateMark } from "../../ui/state-mark";
import { KindIcon } from "../kind-icon";
import { branchesTo, opens, outlineRows } from "./outline-rows";
import type { OutlineRow } from "./outline-rows";

/** The drawing as a tree: what is selected here is selected on the canvas, and the other way round. */
export function Outline({ onReveal }: { readonly onReveal: (id: string) => void }) {
  const { editor } = useEditor();
  const scene = useScene();
  const selection = useEditorState((state) => state.selection);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string | null>(null);
  const tree = useRef<HTMLUListElement>(null);
  const hostName = useLive((live) => live.host?.name ?? null);
  const rows = useMemo(() => outlineRows(scene, turned, hostName), [scene, turned, hostName]);
  const [only] = selection.size === 1 ? selection : [];

  // What was selected elsewhere comes into sight, its branches open.
  const [shown, setShown] = useState(only);
  if (shown !== only) {
    setShown(only);
    if (only !== undefined) {
      setCurrent(only);
      const closed = branchesTo(scene, only).filter((id) => !opens(id, turned));
      if (closed.length > 0) setTurned(toggled(turned, closed));
    }
  }
  useEffect(() => {
    if (only !== undefined) tree.current?.querySelector(`[data-tree="${CSS.escape(only)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [only, rows]);

  const at = Math.max(0, rows.findIndex(({ id }) => id === current));
  const focus = (row: OutlineRow | undefined) => {
    if (!row) return;
    setCurrent(row.id);
    tree.current?.querySelector<HTMLElement>(`[data-tree="${CSS.escape(row.id)}"]`)?.focus();
  };
  const choose = (row: OutlineRow, adds: boolean) => {
    setCurrent(row.id);
    if (row.kind === null) setTurned(toggled(turned, [row.id]));
    else select(editor, adds ? toggled(selection, [row.id]) : [row.id]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const handled = keyStep(event.key, {
      down: () => focus(rows[at + 1]), up: () => focus(rows[at - 1]), first: () => focus(rows[0]), last: () => focus(rows.at(-1)),
      right: () => (row.expanded === false ? setTurned(toggled(turned, [row.id])) : row.expanded ? focus(rows[at + 1]) : undefined),
      left: () => (row.expanded ? setTurned(toggled(turned, [row.id])) : focus(rows.find(({ id }) => id === row.parentId))),
      enter: () => (row.kind === null ? choose(row, false) : onReveal(row.id)), space: () => choose(row, event.shiftKey),
      letter: (letter) => focus([...rows.slice(at + 1), ...rows.slice(0, at)].find(({ label }) => label.toLowerCase().startsWith(letter))),
    });
    if (handled) event.preventDefault();
  };

  if (rows.every(({ kind }) => kind === "host")) return <p className="p-3 text-sm text-muted">Nothing is drawn yet. Add a VPC first.</p>;
  return (
    <ul ref={tree} role="tree" aria-label="Outline" aria-multiselectable="true" onKeyDown={onKeyDown} className="min-h-0 flex-1 overflow-y-auto p-1.5">
      {rows.map((row, number) => (
        <TreeRow
          key={row.id}
          row={row}
          selected={selection.has(row.id)}
          tabStop={number === at}
          onFocus={() => setCurrent(row.id)}
          onToggle={() => setTurned(toggled(turned, [row.id]))}
          onClick={(event) => choose(row, event.shiftKey || event.ctrlKey || event.metaKey)}
          onDoubleClick={() => (row.kind === null ? undefined : onReveal(row.id))}
        />
      ))}
    </ul>
  );
}

interface TreeRowProps {
  readonly row: OutlineRow;
  readonly selected: boolean;
  readonly tabStop: boolean;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onDoubleClick: () => void;
}

function TreeRow({ row, selected, tabStop, onFocus, onToggle, onClick, onDoubleClick }: TreeRowProps) {
  const { id, kind, label, note, level, expanded, isPublic, position, siblings } = row;
  return (
    <li
      role="treeitem"
      data-tree={id}
      aria-level={level}
      aria-selected={selected}
      aria-expanded={expanded ?? undefined}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-label={note ? `${label} ${note}` : label}
      tabIndex={tabStop ? 0 : -1}
      onFocus={onFocus}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      style={{ paddingLeft: (level - 1) * 14 + 2 }}
      className={clsx("flex h-7 items-center gap-1.5 rounded-[6px] pr-1.5 text-sm", selected ? "bg-accent-soft text-accent" : "hover:bg-raised")}
    >
      <span
        aria-hidden
        className="flex size-4 shrink-0 items-center justify-center text-muted"
        onClick={(event) => {
          if (expanded === null) return;
          event.stopPropagation();
          onToggle();
        }}
      >
        {expanded === null ? null : <ChevronRight className={clsx("size-3.5 transition-transform duration-100", expanded && "rotate-90")} />}
      </span>
      {kind ? <KindIcon kind={kind} isPublic={isPublic} /> : null}
      <span className={clsx("min-w-0 truncate", kind === null && "text-xs text-muted")}>{label}</span>
      {kind ? <TreeState id={id} /> : null}
      <span className="numeric ml-auto shrink-0 pl-2 text-xs text-muted">{note}</span>
    </li>
  );
}

function TreeState({ id }: { readonly id: string }) {
  const { state } = useObjectState(id);
  return state === "absent" ? null : <StateMark state={state} size={10} />;
}

interface Steps {
  readonly down: () => void; readonly up: () => void; readonly first: () => void; readonly last: () => void;
  readonly right: () => void; readonly left: () => void; readonly enter: () => void; readonly space: () => void; readonly letter: (letter: string) => void;
}

/** The keys of a tree as the ARIA practices have them. Answers whether the key was one. */
function keyStep(key: string, steps: Steps): boolean {
  const step = { ArrowDown: steps.down, ArrowUp: steps.up, Home: steps.first, End: steps.last, ArrowRight: steps.right, ArrowLeft: steps.left, Enter: steps.enter, " ": steps.space }[key];
  if (step) step();
  else if (/^[a-z0-9]$/i.test(key)) steps.letter(key.toLowerCase());
  else return false;
  return true;
}

function toggled(ids: ReadonlySet<string>, turned: readonly string[]): ReadonlySet<string> {
  const next = new Set(ids);
  for (const id of turned) if (!next.delete(id)) next.add(id);
  return next;
}
