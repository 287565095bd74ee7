"use client";

import type { Instance } from "@vpclab/shared/topology/topology";
import { useLive } from "../../canvas/state/editor-context";
import { PUBLISHED_PORT_FORM } from "../forms/published-port-form";
import { EditGrid } from "../grid/edit-grid";
import { Section } from "../../ui/section";
import { useListEdit, withoutRow, withRow } from "./use-update";

/** Ports of the host that lead here: the way in where the host has no public addresses to give. */
export function PublishedPorts({ instance }: { readonly instance: Instance }) {
  const hasPool = useLive(({ host }) => host?.publicPool ?? false);
  const edit = useListEdit({ kind: "instance", id: instance.id, name: instance.name, field: "publishedPorts" });
  const ports = instance.publishedPorts;
  const { columns } = PUBLISHED_PORT_FORM;
  return (
    <Section title="Published ports">
      <p className="px-1 text-xs text-muted">
        {hasPool ? "This host has public addresses, so it does not publish ports: use a public address." : "A port of the host that leads to a port of this instance."}
      </p>
      <EditGrid
        label="Published ports"
        word="published port"
        form={PUBLISHED_PORT_FORM}
        rows={ports}
        keyOf={(_, at) => String(at)}
        put={(row, at) => edit(withRow(ports, row, at), at ?? ports.length, columns)}
        remove={(at) => edit(withoutRow(ports, at), at, columns)}
      />
    </Section>
  );
}
