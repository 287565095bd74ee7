"use client";

import { TEMPLATES, type TemplateName } from "@vpclab/shared/templates/template-catalog";
import { FileUp, Network, Square } from "lucide-react";
import { useRef } from "react";
import type { ReactNode } from "react";
import { FileInput } from "./file-input";
import { LabPicture } from "./lab-picture";
import { TEMPLATE_GROUPS, TemplateIcon } from "./template-groups";

interface EmptyListProps {
  readonly onStart: (template: TemplateName) => void;
  readonly onImport: (file: File) => void;
}

/** The first screen of a new account: each choice is one click to something alive. */
export function EmptyList({ onStart, onImport }: EmptyListProps) {
  const file = useRef<HTMLInputElement>(null);
  return (
    <section aria-label="Get started" className="flex flex-col items-center pt-6">
      <LabPicture />
      <h1 className="mt-6 text-xl font-semibold">Draw a network, watch real packets</h1>
      <p className="mt-2 max-w-lg text-center text-muted">
        Every VPC you draw becomes Linux namespaces on your host: real routes, real firewalls, real counters.
      </p>
      <div className="mt-8 grid w-full max-w-3xl grid-cols-1 gap-4 sm:grid-cols-3">
        <Choice icon={<Network className="size-5 text-accent" />} title="Start with the two-VPC lab" onClick={() => onStart("two-vpc")}>
          Two VPCs with public and private subnets, ready to apply and to peer.
        </Choice>
        <Choice icon={<Square className="size-5 text-accent" />} title="Empty topology" onClick={() => onStart("empty")}>
          A blank canvas and a palette. Addresses are filled in for you.
        </Choice>
        <Choice icon={<FileUp className="size-5 text-accent" />} title="Import a file" onClick={() => file.current?.click()}>
          A topology that was exported as JSON or YAML, here or elsewhere.
        </Choice>
      </div>
      {TEMPLATE_GROUPS.filter(({ group }) => group !== "start").map(({ group, label }) => (
        <section key={group} aria-label={label} className="mt-6 w-full max-w-3xl">
          <h2 className="text-sm font-medium text-muted">{label}</h2>
          <div className="mt-2 grid grid-cols-1 gap-3 sm:grid-cols-2">
            {TEMPLATES.filter((template) => template.group === group).map(({ name, title, text }) => (
              <Choice key={name} icon={<TemplateIcon name={name} />} title={title} onClick={() => onStart(name)}>{text}</Choice>
            ))}
          </div>
        </section>
      ))}
      <FileInput ref={file} onFile={onImport} />
    </section>
  );
}

interface ChoiceProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly onClick: () => void;
  readonly children: string;
}

const Choice = ({ icon, title, onClick, children }: ChoiceProps) => (
  <button type="button" onClick={onClick} className="flex flex-col items-start gap-2 rounded-box border border-line bg-surface p-4 text-left transition-colors duration-100 hover:border-accent">
    {icon}
    <span className="font-medium">{title}</span>
    <span className="text-sm text-muted">{children}</span>
  </button>
);
