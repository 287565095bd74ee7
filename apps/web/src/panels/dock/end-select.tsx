"use client";

import { useMemo } from "react";
import { useScene } from "../../canvas/editor-context";
import { SelectField } from "../../ui/select-field";
import { INTERNET_CHOICE } from "./probe-question";

interface EndSelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string) => void;
}

/** One end of a test: an instance by its place and address, or the internet. */
export function EndSelect({ label, value, onChange }: EndSelectProps) {
  const { document, index } = useScene();
  const options = useMemo(() => {
    const instances = document.instances.map(({ id, subnetId, name, address }) => {
      const subnet = index.subnetById.get(subnetId);
      return { value: id, label: `${index.vpcById.get(subnet?.vpcId ?? "")?.name ?? "?"} / ${subnet?.name ?? "?"} / ${name}  ${address}` };
    });
    return [{ value: INTERNET_CHOICE, label: "Internet" }, ...instances.sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true }))];
  }, [document, index]);
  return <SelectField label={label} value={value ?? ""} options={options} onChange={onChange} />;
}
