"use client";

import { ContextMenu } from "radix-ui";
import type { MouseEvent, ReactNode } from "react";
import { Fragment } from "react";
import type { Command } from "../../canvas/hooks/command";
import { useEditor, useEditorState } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { objectIdOfNode } from "../../canvas/scene/from-topology";
import { shownKeys } from "../../canvas/hooks/shortcut";

/** In groups; what cannot be done now is left out, but for the usual first ones, which stay where the hand expects them. */
const FOR_OBJECTS: readonly (readonly string[])[] = [["cut", "copy", "paste", "duplicate"], ["add-instances"], ["connect-*"], ["arrange-*"], ["zoom-selection"], ["delete"]];
const FOR_CANVAS: readonly (readonly string[])[] = [["paste", "Edit Select all"], ["Add Add VPC"], ["auto-layout"], ["View Zoom to fit", "find", "View Keyboard shortcuts"]];
const ALWAYS = new Set(["cut", "copy", "paste", "duplicate", "delete"]);

/** The menu of what is under the pointer, or of the object that has the focus (Shift F10). What is not selected yet gets selected. */
export function CanvasMenu({ commands, children }: { readonly commands: readonly Command[]; readonly children: ReactNode }) {
  const { editor } = useEditor();
  const some = useEditorState(({ selection }) => selection.size > 0);
  const onContextMenu = (event: MouseEvent) => {
    const node = (event.target as Element).closest<HTMLElement>(".react-flow__node[data-id], .react-flow__edge[data-id], [data-object][data-id], [data-chip]");
    const id = node?.dataset.id ? objectIdOfNode(node.dataset.id) : null;
    const { selection } = editor.getState();
    if (id === null || id === "internet") select(editor, []);
    else if (!selection.has(id)) select(editor, [id]);
  };
  const groups = (some ? FOR_OBJECTS : FOR_CANVAS)
    .map((ids) => ids.flatMap((id) => commands.filter((command) => (id.endsWith("*") ? command.id.startsWith(id.slice(0, -1)) : command.id === id)))
      .filter((command) => command.refusal === undefined || ALWAYS.has(command.id)))
    .filter((group) => group.length > 0);
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild onContextMenu={onContextMenu}>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content aria-label="Menu" className="z-50 max-h-(--radix-context-menu-content-available-height) min-w-56 overflow-y-auto rounded-box border border-line bg-surface p-1 shadow-lifted">
          {groups.map((group, at) => (
            <Fragment key={group[0]!.id}>
              {at > 0 ? <ContextMenu.Separator className="my-1 h-px bg-line" /> : null}
              {group.map((command) => <Item key={command.id} command={command} />)}
            </Fragment>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

const Item = ({ command: { id, label, keys, refusal, run } }: { readonly command: Command }) => (
  <ContextMenu.Item
    // After the menu has closed and given the focus back: copy and cut are events of the focused element.
    onSelect={() => setTimeout(run, 0)}
    disabled={refusal !== undefined}
    className={`flex h-8 items-center gap-6 rounded-box px-2.5 text-sm outline-none data-disabled:opacity-50 ${id === "delete" ? "text-bad data-highlighted:bg-bad-soft" : "data-highlighted:bg-raised"}`}
  >
    <span className="min-w-0 flex-1 truncate">{label}</span>
    {keys?.[0] ? <kbd className="numeric text-xs text-muted">{shownKeys(keys[0])}</kbd> : null}
  </ContextMenu.Item>
);
