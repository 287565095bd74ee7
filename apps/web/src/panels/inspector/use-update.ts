import type { EditCommand, UpdateCommand } from "@vpclab/shared/topology/edit-command";
import { useCallback } from "react";
import { useEditor } from "../../canvas/editor-context";
import { perform } from "../../canvas/editor-store";

/** Makes one undo step of a command; answers in words why it was refused, or null. */
export function useCommand() {
  const { editor } = useEditor();
  return useCallback((label: string, command: EditCommand): string | null => {
    const done = perform(editor, { label, command, layoutPatch: {} });
    return done.ok ? null : done.error.map(({ message }) => message).slice(0, 2).join(" ");
  }, [editor]);
}

type SetOf<K extends UpdateCommand["kind"]> = Extract<UpdateCommand, { kind: K }>["set"];

/** Changes single fields of one object. */
export function useUpdate<K extends UpdateCommand["kind"]>(kind: K, id: string, name: string) {
  const command = useCommand();
  return useCallback(
    (set: SetOf<K>): string | null => command(`Edit ${name}`, { op: "update", kind, id, set } as UpdateCommand),
    [command, kind, id, name],
  );
}
