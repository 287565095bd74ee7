"use client";

import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { NatGateway } from "@vpclab/shared/topology/topology";
import { useScene } from "../../canvas/state/editor-context";
import { Section } from "../../ui/section";
import { TextField } from "../../ui/text-field";
import { ElasticIpSection } from "./elastic-ip-section";
import { Fact } from "./fact";
import { ObjectList, ObjectRow } from "./object-row";
import { useUpdate } from "./use-update";

export function NatGatewayFields({ natGateway }: { readonly natGateway: NatGateway }) {
  const { index } = useScene();
  const update = useUpdate("nat-gateway", natGateway.id, natGateway.name);
  const subnet = index.subnetById.get(natGateway.subnetId)!;
  const vpc = index.vpcById.get(subnet.vpcId)!;
  const tables = index.routeTablesOfVpc(vpc.id).flatMap((table) => {
    const to = table.routes.filter(({ target }) => target.id === natGateway.id);
    return to.length > 0 ? [{ table, destinations: to.map(({ destination }) => destination).join(", ") }] : [];
  });
  return (
    <>
      <TextField label="Name" value={natGateway.name} commit={(name) => update({ name })} />
      <TextField label="Address" value={natGateway.address} mono hint={`Inside ${subnet.cidr}`} commit={(address) => update({ address })} />
      <dl className="flex flex-col gap-1">
        <Fact label="Subnet" value={`${vpc.name} / ${subnet.name}`} />
      </dl>
      {subnetType(index, subnet) === "private" ? <p className="rounded-box bg-warn-soft px-3 py-2 text-xs text-warn">Its subnet is private, so nothing gets out by it: a NAT gateway stands in a public subnet.</p> : null}
      <ElasticIpSection target={{ kind: "nat-gateway", id: natGateway.id }} name={natGateway.name} empty="None: without one it translates to its private address, which the internet gateway drops." />
      <Section title="Routes that lead here">
        <ObjectList label="Routes that lead here" empty="None yet. Add 0.0.0.0/0 with this target to the route table of a private subnet.">
          {tables.map(({ table, destinations }) => <ObjectRow key={table.id} id={table.id} note={destinations} />)}
        </ObjectList>
      </Section>
      <p className="text-xs text-muted">Lets connections out and answers in; nobody reaches in by it. Its subnet’s ACL applies, security groups do not.</p>
    </>
  );
}
