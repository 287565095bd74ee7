"use client";

import { useMemo } from "react";
import { useScene } from "../../canvas/state/editor-context";
import { seenFromOutside } from "../../canvas/scene/seen-from-outside";
import { SelectField } from "../../ui/select-field";
import { objectName } from "../../canvas/scene/object-name";
import { publicKey } from "../../canvas/state/probe-end-key";
import { HOST_CHOICE, INTERNET_CHOICE } from "./probe-question";

interface EndSelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  /** What the internet sees of instances and NAT gateways can be asked for, and sends nothing. */
  readonly withPublic?: boolean;
}

/** One end of a test: an instance by its place and address, the internet, the host, a public address. */
export function EndSelect({ label, value, onChange, withPublic = false }: EndSelectProps) {
  const { document, index } = useScene();
  const options = useMemo(() => {
    const instances = document.instances.map(({ id, subnetId, name, address }) => {
      const subnet = index.subnetById.get(subnetId);
      return { value: id, label: `${index.vpcById.get(subnet?.vpcId ?? "")?.name ?? "?"} / ${subnet?.name ?? "?"} / ${name}  ${address}` };
    });
    const seen = withPublic ? seenFromOutside(document, index).map((id) => ({ value: publicKey(id), label: `Public address of ${objectName(index, id) ?? id}` })) : [];
    const byLabel = (a: { readonly label: string }, b: { readonly label: string }) => a.label.localeCompare(b.label, "en", { numeric: true });
    return [{ value: INTERNET_CHOICE, label: "Internet" }, { value: HOST_CHOICE, label: "Host" }, ...instances.sort(byLabel), ...seen.sort(byLabel)];
  }, [document, index, withPublic]);
  return <SelectField label={label} value={value ?? ""} options={options} onChange={onChange} />;
}
