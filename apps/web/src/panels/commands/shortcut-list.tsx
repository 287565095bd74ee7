"use client";

import { COMMAND_SECTIONS } from "../../canvas/hooks/command";
import type { Command } from "../../canvas/hooks/command";
import { useEditor, useGesture } from "../../canvas/state/editor-context";
import { shownKeys } from "../../canvas/hooks/shortcut";
import { Dialog } from "../../ui/dialog";

/** Gestures that no command stands for. */
const GESTURES: readonly (readonly [string, string])[] = [
  ["Tab", "Next object on the canvas"],
  ["Enter", "Select the object that has the focus"],
  ["Arrow keys", "Move the selection by the grid"],
  ["Shift Arrow keys", "Move it ten times as far"],
  ["Shift drag", "Select what lies in a rectangle"],
  ["Shift click", "Add to the selection, or take out of it"],
  ["Alt while dragging", "Neither grid nor guides"],
  ["Shift F10", "Menu of the object"],
  ["Esc", "Let go, and select nothing"],
];

/** Every key of the editor, from the same list that the keyboard itself follows. */
export function ShortcutList({ commands }: { readonly commands: readonly Command[] }) {
  const { gestures } = useEditor();
  const open = useGesture(({ overlay }) => overlay?.kind === "shortcuts");
  const groups = COMMAND_SECTIONS.map((section) => ({ section, commands: commands.filter((command) => command.section === section && command.keys) }))
    .filter((group) => group.commands.length > 0);
  return (
    <Dialog open={open} onClose={() => gestures.setState({ overlay: null })} title="Keyboard shortcuts" wide>
      <div className="max-h-[60vh] gap-x-8 overflow-y-auto sm:columns-2">
        {groups.map((group) => (
          <Keys key={group.section} title={group.section} rows={group.commands.map(({ id, label, keys }) => [keys!.map(shownKeys).join(" or "), id === "undo" ? "Undo" : id === "redo" ? "Redo" : label] as const)} />
        ))}
        <Keys title="On the canvas" rows={GESTURES} />
      </div>
    </Dialog>
  );
}

const Keys = ({ title, rows }: { readonly title: string; readonly rows: readonly (readonly [string, string])[] }) => (
  <section aria-label={title} className="mb-4 break-inside-avoid">
    <h3 className="pb-1 text-xs font-medium text-muted">{title}</h3>
    <dl className="flex flex-col">
      {rows.map(([keys, label]) => (
        <div key={label} className="flex items-baseline justify-between gap-3 border-b border-line py-1 text-sm last:border-0">
          <dt className="min-w-0">{label}</dt>
          <dd className="shrink-0"><kbd className="numeric rounded-[5px] border border-line bg-raised px-1.5 text-xs text-muted">{keys}</kbd></dd>
        </div>
      ))}
    </dl>
  </section>
);
