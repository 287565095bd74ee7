"use client";

import { TEMPLATES, type TemplateName } from "@vpclab/shared/templates/template-catalog";
import { FileUp, Plus } from "lucide-react";
import { Fragment, useRef } from "react";
import { Button } from "../../ui/button";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../../ui/menu";
import { FileInput } from "./file-input";
import { TEMPLATE_GROUPS, TemplateIcon } from "./template-groups";

interface CreateMenuProps {
  readonly onCreate: (template: TemplateName) => void;
  readonly onImport: (file: File) => void;
}

export function CreateMenu({ onCreate, onImport }: CreateMenuProps) {
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu align="end" trigger={<Button look="primary"><Plus className="size-4" aria-hidden />New topology</Button>}>
        {TEMPLATE_GROUPS.map(({ group, label }) => (
          <Fragment key={group}>
            <MenuLabel>{label}</MenuLabel>
            {TEMPLATES.filter((template) => template.group === group).map(({ name, title }) => (
              <MenuItem key={name} icon={<TemplateIcon name={name} />} onSelect={() => onCreate(name)}>{title}</MenuItem>
            ))}
            <MenuSeparator />
          </Fragment>
        ))}
        <MenuItem icon={<FileUp className="size-4" />} onSelect={() => file.current?.click()}>Import a file</MenuItem>
      </Menu>
      <FileInput ref={file} onFile={onImport} />
    </>
  );
}
