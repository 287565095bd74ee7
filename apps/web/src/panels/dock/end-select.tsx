"use client";

import { useId, useMemo } from "react";
import { useEditorState } from "../../canvas/editor-context";

export const INTERNET_CHOICE = "internet";

interface EndSelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  readonly internet?: boolean;
}

/** One end of a test: an instance by its place and address, or the internet. */
export function EndSelect({ label, value, onChange, internet }: EndSelectProps) {
  const id = useId();
  const document = useEditorState((state) => state.document);
  const options = useMemo(() => {
    const subnets = new Map(document.subnets.map((subnet) => [subnet.id, subnet]));
    const vpcs = new Map(document.vpcs.map((vpc) => [vpc.id, vpc.name]));
    return document.instances
      .map((instance) => {
        const subnet = subnets.get(instance.subnetId);
        return { id: instance.id, text: `${vpcs.get(subnet?.vpcId ?? "") ?? "?"} / ${subnet?.name ?? "?"} / ${instance.name}  ${instance.address}` };
      })
      .sort((a, b) => a.text.localeCompare(b.text, "en", { numeric: true }));
  }, [document]);
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">{label}</label>
      <select id={id} value={value ?? ""} onChange={(event) => onChange(event.target.value)} className="numeric h-8 rounded-box border border-line bg-surface px-1.5 text-sm hover:border-line-strong">
        {internet ? <option value={INTERNET_CHOICE}>Internet</option> : null}
        {options.map((option) => <option key={option.id} value={option.id}>{option.text}</option>)}
      </select>
    </div>
  );
}
