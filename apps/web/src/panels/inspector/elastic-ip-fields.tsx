"use client";

import { associateElasticIp } from "@vpclab/shared/topology/new-object";
import type { ElasticIp } from "@vpclab/shared/topology/topology";
import { useState } from "react";
import { useLive, useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { useCommand, useUpdate } from "./use-update";

const NOTHING = "";

export function ElasticIpFields({ elasticIp }: { readonly elasticIp: ElasticIp }) {
  const { document, index } = useScene();
  const update = useUpdate("elastic-ip", elasticIp.id, elasticIp.name);
  const command = useCommand();
  const [error, setError] = useState<string | null>(null);
  const address = useLive(({ deployment }) => deployment.publicAddresses[elasticIp.id]);
  const choices = [...document.natGateways.map(({ id }) => ({ kind: "nat-gateway" as const, id })), ...document.instances.map(({ id }) => ({ kind: "instance" as const, id }))];
  const move = (id: string) => {
    const target = choices.find((choice) => choice.id === id) ?? null;
    setError(command(target ? `Associate ${elasticIp.name}` : `Disassociate ${elasticIp.name}`, associateElasticIp(document, elasticIp.id, target)));
  };
  return (
    <>
      <TextField label="Name" value={elasticIp.name} commit={(name) => update({ name })} />
      <dl className="flex flex-col gap-1">
        <Fact label="Address" value={address ?? "given when it is applied"} copy={address !== undefined} />
      </dl>
      <SelectField
        label="Associated with"
        value={elasticIp.target?.id ?? NOTHING}
        options={[
          { value: NOTHING, label: "nothing" },
          ...choices.map(({ kind, id }) => ({ value: id, label: `${kind === "nat-gateway" ? "NAT gateway " : ""}${objectName(index, id) ?? id}` })),
        ]}
        onChange={move}
        error={error}
        hint="An Elastic IP that the chosen one has already is set free."
      />
      <p className="text-xs text-muted">It stays yours until you delete (release) it; moving it keeps the address.</p>
    </>
  );
}
