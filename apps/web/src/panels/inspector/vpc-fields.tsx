"use client";

import { vpcDomain } from "@vpclab/shared/net/dns-name";
import { routerNamespace } from "@vpclab/shared/net/namespace-name";
import { newNetworkAcl, newRouteTable, newSecurityGroup } from "@vpclab/shared/topology/new-object";
import type { Vpc } from "@vpclab/shared/topology/topology";
import { useEditorState, useScene } from "../../canvas/state/editor-context";
import { blackholesOf } from "../../canvas/scene/route-view";
import { byName } from "../../canvas/scene/object-name";
import { countOf } from "../../canvas/scene/object-counts";
import { Section } from "../../ui/section";
import { SelectField } from "../../ui/select-field";
import { SwitchField } from "../../ui/switch-field";
import { TextField } from "../../ui/text-field";
import { AddButton } from "./add-button";
import { Fact } from "./fact";
import { ObjectList, ObjectRow } from "./object-row";
import { PeerMenu } from "./peer-menu";
import { useAdd } from "./use-add";
import { useUpdate } from "./use-update";

export function VpcFields({ vpc }: { readonly vpc: Vpc }) {
  const update = useUpdate("vpc", vpc.id, vpc.name);
  const add = useAdd();
  const topologyName = useEditorState((state) => state.name);
  const { index } = useScene();
  const tables = index.routeTablesOfVpc(vpc.id).toSorted(byName);
  const subnets = index.subnetsOfVpc(vpc.id).toSorted(byName);
  return (
    <>
      <TextField label="Name" value={vpc.name} commit={(name) => update({ name })} />
      <TextField label="CIDR" value={vpc.cidr} mono hint="/16 to /28" commit={(cidr) => update({ cidr })} />
      <SelectField
        label="Main route table"
        value={vpc.mainRouteTableId}
        options={tables.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(mainRouteTableId) => update({ mainRouteTableId })}
        hint="Routes every subnet that names no table of its own."
      />
      <SwitchField
        label="Reachable from the host"
        checked={vpc.reachableFromHost}
        onChange={(reachableFromHost) => update({ reachableFromHost })}
        hint={vpc.reachableFromHost
          ? "On: the host itself opens connections to every instance, whatever security groups and network ACLs say; a subnet’s firewall still filters. Instances never reach the host, and the networks behind it stay out."
          : "Off: the host has no route to this VPC. On, it could open connections to the instances; they never to the host."}
      />
      <SwitchField
        label="DNS support"
        checked={vpc.dnsSupport}
        onChange={(dnsSupport) => update({ dnsSupport })}
        hint={vpc.dnsSupport
          ? `On: every gateway’s address resolves <instance>.<subnet>.${vpcDomain(vpc.name)}, names of peered VPCs, and by an internet gateway those of the internet.`
          : "Off: instances have no resolver."}
      />
      <dl className="flex flex-col gap-1">
        <Fact label="Router namespace" value={routerNamespace(topologyName, vpc.name)} copy />
      </dl>
      <Section title="Subnets">
        <ObjectList label="Subnets" empty="None yet. Drag one in, or press Enter on it in the palette.">
          {subnets.map(({ id, cidr }) => <ObjectRow key={id} id={id} note={cidr} removable />)}
        </ObjectList>
      </Section>
      <Section title="Route tables" action={<AddButton label="Add route table" onClick={() => add("route table", (doc, random) => newRouteTable(doc, vpc.id, random))} />}>
        <ObjectList label="Route tables">
          {tables.map((table) => {
            const holes = blackholesOf(index, table).length;
            const isMain = table.id === vpc.mainRouteTableId;
            const note = holes > 0 ? countOf(holes, "blackhole") : `${isMain ? "main, " : ""}${countOf(table.routes.length + 1, "route")}`;
            return <ObjectRow key={table.id} id={table.id} note={note} bad={holes > 0} removable={!isMain} />;
          })}
        </ObjectList>
      </Section>
      <Section title="Security groups" action={<AddButton label="Add security group" onClick={() => add("security group", (doc, random) => newSecurityGroup(doc, vpc.id, random))} />}>
        <ObjectList label="Security groups">
          {index.groupsOfVpc(vpc.id).toSorted(byName).map((group) => (
            <ObjectRow key={group.id} id={group.id} note={`${countOf(group.rules.length, "rule")}, ${countOf(index.membersOf(group.id).length, "instance")}`} removable={group.id !== vpc.defaultSecurityGroupId} />
          ))}
        </ObjectList>
      </Section>
      <Section title="Network ACLs" action={<AddButton label="Add network ACL" onClick={() => add("network ACL", (doc, random) => newNetworkAcl(doc, vpc.id, random))} />}>
        <ObjectList label="Network ACLs">
          {index.networkAclsOfVpc(vpc.id).toSorted(byName).map((acl) => {
            const isDefault = acl.id === vpc.defaultNetworkAclId;
            const used = subnets.filter(({ networkAclId }) => networkAclId === acl.id || (networkAclId === null && isDefault)).length;
            return <ObjectRow key={acl.id} id={acl.id} note={countOf(used, "subnet")} removable={!isDefault} />;
          })}
        </ObjectList>
      </Section>
      <Section title="Peerings" action={<PeerMenu vpc={vpc} />}>
        <ObjectList label="Peerings" empty="None. Draw one from the round handles on the VPC’s sides.">
          {index.peeringsOfVpc(vpc.id).map(({ id, status }) => <ObjectRow key={id} id={id} note={status === "active" ? "active" : status} bad={status !== "active"} removable />)}
        </ObjectList>
      </Section>
    </>
  );
}
