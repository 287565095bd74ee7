"use client";

import type { InternetGateway } from "@vpclab/shared/topology/topology";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import { useLive, useScene } from "../../canvas/state/editor-context";
import { Section } from "../../ui/section";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { ObjectList, ObjectRow } from "./object-row";
import { useUpdate } from "./use-update";

export function GatewayFields({ gateway }: { readonly gateway: InternetGateway }) {
  const update = useUpdate("internet-gateway", gateway.id, gateway.name);
  const { index } = useScene();
  const hasPool = useLive(({ host }) => host?.publicPool ?? null);
  const served = index.subnetsOfVpc(gateway.vpcId).filter((subnet) => routeTableOf(index, subnet).routes.some(({ target }) => target.id === gateway.id));
  return (
    <>
      <TextField label="Name" value={gateway.name} commit={(name) => update({ name })} />
      <dl className="flex flex-col gap-1">
        <Fact label="VPC" value={index.vpcById.get(gateway.vpcId)?.name ?? "?"} />
      </dl>
      <Section title="Subnets that route to it">
        <ObjectList label="Subnets that route to it" empty="None yet: make a subnet public, or add a route 0.0.0.0/0 to it.">
          {served.map(({ id, cidr }) => <ObjectRow key={id} id={id} note={cidr} />)}
        </ObjectList>
      </Section>
      <p className="text-xs text-muted">
        {hasPool === false
          ? "This host has no public addresses to give: what leaves shares the host’s own address, and published ports lead in."
          : "Translates each public address to one instance, both ways. Who has no public address gets no internet by it."}
      </p>
    </>
  );
}
