import type { Issue } from "@vpclab/shared/errors/issue";
import type { EditCommand, UpdateCommand } from "@vpclab/shared/topology/edit-command";
import { useCallback } from "react";
import { useEditor } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { rowErrorsOf } from "../grid/row-form";
import type { Column, RowErrors } from "../grid/row-form";

/** Makes one undo step of a command; answers why it was refused, or nothing. */
export function useEdit() {
  const { editor } = useEditor();
  return useCallback((label: string, command: EditCommand): readonly Issue[] => {
    const done = perform(editor, { label, command, layoutPatch: {} });
    return done.ok ? [] : done.error;
  }, [editor]);
}

/** The same, with the refusal in words, or null. */
export function useCommand() {
  const edit = useEdit();
  return useCallback((label: string, command: EditCommand): string | null => {
    const issues = edit(label, command);
    return issues.length === 0 ? null : issues.map(({ message }) => message).slice(0, 2).join(" ");
  }, [edit]);
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

interface ListOf {
  readonly kind: UpdateCommand["kind"];
  readonly id: string;
  readonly name: string;
  readonly field: string;
}

/** Replaces a list of one object (its rules, routes, entries); refusals as errors of the row that was edited. */
export function useListEdit({ kind, id, name, field }: ListOf) {
  const edit = useEdit();
  return useCallback((list: readonly unknown[], rowIndex: number, columns: readonly Column[]): RowErrors => {
    const issues = edit(`Edit ${name}`, { op: "update", kind, id, set: { [field]: list } } as unknown as UpdateCommand);
    return issues.length === 0 ? {} : rowErrorsOf(issues, { objectId: id, field, rowIndex }, columns);
  }, [edit, kind, id, name, field]);
}

/** A list with a row put in the place of one, or at the end. */
export const withRow = <T,>(list: readonly T[], row: T, at: number | null): T[] => (at === null ? [...list, row] : list.map((other, i) => (i === at ? row : other)));
export const withoutRow = <T,>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);
