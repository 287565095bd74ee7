"use client";

import { cidrFrom, formatAddress } from "@vpclab/shared/net/cidr";
import { gatewayAddress } from "@vpclab/shared/net/subnet-addresses";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { SubnetType } from "@vpclab/shared/topology/subnet-type";
import type { Subnet } from "@vpclab/shared/topology/topology";
import { Globe, Lock, Plus, TriangleAlert } from "lucide-react";
import { toast } from "sonner";
import { useEditor, useScene } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { byName } from "../../canvas/scene/object-name";
import { blackholesOfSubnet } from "../../canvas/scene/route-view";
import { switchSubnetType } from "../../canvas/gestures/switch-subnet-type";
import { Button } from "../../ui/button";
import { Section } from "../../ui/section";
import { Segmented } from "../../ui/segmented";
import { SelectField } from "../../ui/select-field";
import { SwitchField } from "../../ui/switch-field";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { FirewallSection } from "./firewall-section";
import { ObjectList, ObjectRow } from "./object-row";
import { useUpdate } from "./use-update";

const TYPES = [
  { value: "public", label: "Public", icon: <Globe className="size-3.5 text-public" aria-hidden /> },
  { value: "private", label: "Private", icon: <Lock className="size-3.5 text-private" aria-hidden /> },
] as const;

/** Stands for `null` in a select: what the VPC gives to those that choose nothing. */
const BY_DEFAULT = "";

export function SubnetFields({ subnet }: { readonly subnet: Subnet }) {
  const { editor, gestures } = useEditor();
  const { index, document } = useScene();
  const update = useUpdate("subnet", subnet.id, subnet.name);
  const vpc = index.vpcById.get(subnet.vpcId)!;
  const type = subnetType(index, subnet);
  const blackholes = blackholesOfSubnet(index, subnet);
  const tables = index.routeTablesOfVpc(vpc.id).toSorted(byName);
  const acls = index.networkAclsOfVpc(vpc.id).toSorted(byName);
  const nameOf = (list: readonly { readonly id: string; readonly name: string }[], id: string) => list.find((other) => other.id === id)?.name ?? "?";
  const setType = (next: SubnetType) => {
    const done = perform(editor, switchSubnetType(document, subnet.id, next));
    if (!done.ok) toast.error(done.error[0]?.message ?? "That is not possible.");
  };
  const cards = [...index.instancesOfSubnet(subnet.id), ...index.natGatewaysOfSubnet(subnet.id)].sort(byName);
  return (
    <>
      <TextField label="Name" value={subnet.name} commit={(name) => update({ name })} />
      <TextField label="CIDR" value={subnet.cidr} mono hint={`Inside ${vpc.cidr}`} commit={(cidr) => update({ cidr })} />
      <div className="flex flex-col gap-1">
        <span className="text-xs text-muted">Type</span>
        <Segmented<SubnetType> label="Type" value={type} options={TYPES} onChange={setType} />
        <p className="text-xs text-muted">
          {type === "public" ? "Public, because its route table leads to an internet gateway." : "Private: its route table leads to no internet gateway."}
        </p>
      </div>
      <SelectField
        label="Route table"
        value={subnet.routeTableId ?? BY_DEFAULT}
        options={[{ value: BY_DEFAULT, label: `${nameOf(tables, vpc.mainRouteTableId)} (the main one)` }, ...tables.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(id) => update({ routeTableId: id === BY_DEFAULT ? null : id })}
      />
      {blackholes.length > 0 ? (
        <p className="flex items-start gap-2 rounded-box bg-warn-soft px-3 py-2 text-xs text-warn">
          <TriangleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
          {`Packets to ${blackholes.join(", ")} vanish: a blackhole route.`}
        </p>
      ) : null}
      <SelectField
        label="Network ACL"
        value={subnet.networkAclId ?? BY_DEFAULT}
        options={[{ value: BY_DEFAULT, label: `${nameOf(acls, vpc.defaultNetworkAclId)} (the default one)` }, ...acls.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(id) => update({ networkAclId: id === BY_DEFAULT ? null : id })}
      />
      <SwitchField
        label="Auto-assign public address"
        checked={subnet.autoAssignPublicAddress}
        onChange={(autoAssignPublicAddress) => update({ autoAssignPublicAddress })}
        hint="Instances here get a public address from the host’s pool, where it has one."
      />
      <FirewallSection subnet={subnet} />
      <dl className="flex flex-col gap-1">
        <Fact label="VPC" value={vpc.name} />
        <Fact label="Router" value={formatAddress(gatewayAddress(cidrFrom(subnet.cidr)))} copy />
      </dl>
      <Section title="In this subnet">
        <ObjectList label="In this subnet" empty="Nothing yet. Drop an instance or a NAT gateway into it.">
          {cards.map(({ id, address }) => <ObjectRow key={id} id={id} note={address} removable />)}
        </ObjectList>
        <Button size="sm" onClick={() => gestures.setState({ overlay: { kind: "instances", subnetId: subnet.id } })}><Plus className="size-3.5" aria-hidden />Add instances</Button>
      </Section>
    </>
  );
}
