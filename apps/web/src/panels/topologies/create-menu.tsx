"use client";

import { Cable, FileUp, Network, Plus, Square } from "lucide-react";
import { useRef } from "react";
import type { TemplateName } from "@vpclab/shared/wire/api";
import { Button } from "../../ui/button";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../../ui/menu";
import { FileInput } from "./file-input";

interface CreateMenuProps {
  readonly onCreate: (template: TemplateName) => void;
  readonly onImport: (file: File) => void;
}

export function CreateMenu({ onCreate, onImport }: CreateMenuProps) {
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu align="end" trigger={<Button look="primary"><Plus className="size-4" aria-hidden />New topology</Button>}>
        <MenuLabel>Start with</MenuLabel>
        <MenuItem icon={<Network className="size-4" />} onSelect={() => onCreate("two-vpc")}>Two-VPC lab</MenuItem>
        <MenuItem icon={<Cable className="size-4" />} onSelect={() => onCreate("two-vpc-peered")}>Two-VPC lab, peered</MenuItem>
        <MenuItem icon={<Square className="size-4" />} onSelect={() => onCreate("empty")}>Empty topology</MenuItem>
        <MenuSeparator />
        <MenuItem icon={<FileUp className="size-4" />} onSelect={() => file.current?.click()}>Import a file</MenuItem>
      </Menu>
      <FileInput ref={file} onFile={onImport} />
    </>
  );
}
