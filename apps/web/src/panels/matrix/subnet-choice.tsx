"use client";

import { Check, ListFilter } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useEditorState, useScene } from "../../canvas/state/editor-context";
import { vpcIdOf } from "../../canvas/scene/scene";
import { Button } from "../../ui/button";
import type { MatrixGroup } from "./matrix-axes";

interface SubnetChoiceProps {
  readonly groups: readonly MatrixGroup[];
  readonly chosen: ReadonlySet<string> | null;
  readonly onChange: (chosen: ReadonlySet<string> | null) => void;
}

const ITEM = "flex cursor-default items-center gap-2 rounded-[6px] px-2 py-1 outline-none data-[highlighted]:bg-raised data-[disabled]:opacity-50";

/** Whose rows and columns are shown: by subnet, or what is selected on the canvas. */
export function SubnetChoice({ groups, chosen, onChange }: SubnetChoiceProps) {
  const { index } = useScene();
  const selection = useEditorState((state) => state.selection);
  const selected = groups.filter(({ subnetId, ends }) => {
    const vpcId = vpcIdOf(index, subnetId);
    return selection.has(subnetId) || (vpcId !== null && selection.has(vpcId)) || ends.some(({ id }) => selection.has(id));
  }).map(({ subnetId }) => subnetId);
  const toggle = (subnetId: string, on: boolean) => {
    const now = new Set(chosen ?? groups.map((group) => group.subnetId));
    if (on) now.add(subnetId);
    else now.delete(subnetId);
    onChange(now.size === groups.length ? null : now);
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button><ListFilter className="size-4" aria-hidden />{chosen === null ? "All subnets" : `${chosen.size} of ${groups.length} subnets`}</Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" sideOffset={4} collisionPadding={8} className="z-50 max-h-80 min-w-56 overflow-y-auto rounded-box border border-line bg-surface p-1 text-sm shadow-lifted">
          <DropdownMenu.Item className={ITEM} onSelect={() => onChange(null)}>All subnets</DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} disabled={selected.length === 0} onSelect={() => onChange(new Set(selected))}>Those selected on the canvas</DropdownMenu.Item>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          {groups.map(({ subnetId, name, ends }) => (
            <DropdownMenu.CheckboxItem
              key={subnetId} className={ITEM} checked={chosen === null || chosen.has(subnetId)} onCheckedChange={(on) => toggle(subnetId, on)} onSelect={(event) => event.preventDefault()}
            >
              <span className="flex size-4 items-center justify-center rounded-[4px] border border-line-strong"><DropdownMenu.ItemIndicator><Check className="size-3" /></DropdownMenu.ItemIndicator></span>
              <span className="flex-1">{name}</span>
              <span className="numeric text-xs text-muted">{ends.length}</span>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
