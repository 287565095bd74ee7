"use client";

import { instanceDnsNames } from "@vpclab/shared/net/dns-name";
import { instanceNamespace } from "@vpclab/shared/net/namespace-name";
import type { Instance } from "@vpclab/shared/topology/topology";
import { toast } from "sonner";
import { useEditor, useEditorState, useLive, useScene } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { byName } from "../../canvas/scene/object-name";
import { moveInstanceTo } from "../../canvas/gestures/move-objects";
import { SelectField } from "../../ui/select-field";
import { SwitchField } from "../../ui/switch-field";
import { TextField } from "../../ui/text-field";
import { ElasticIpSection } from "./elastic-ip-section";
import { Fact } from "./fact";
import { GroupChoice } from "./group-choice";
import { PublishedPorts } from "./published-ports";
import { useUpdate } from "./use-update";

const PORT_FIRST = 8080;

/** What a person types in the host's own shell (`ip netns exec vpclab.host …` in a sandbox). */
const commandFromHost = ({ address, webServer }: Instance): string =>
  webServer ? `curl http://${address}${webServer.port === 80 ? "" : `:${webServer.port}`}` : `ping ${address}`;

export function InstanceFields({ instance }: { readonly instance: Instance }) {
  const { editor, scene } = useEditor();
  const { document, index } = useScene();
  const update = useUpdate("instance", instance.id, instance.name);
  const topologyName = useEditorState((state) => state.name);
  const address = useLive(({ deployment }) => deployment.publicAddresses[instance.id]);
  const subnet = index.subnetById.get(instance.subnetId)!;
  const vpc = index.vpcById.get(subnet.vpcId)!;

  const move = (subnetId: string) => {
    const moved = moveInstanceTo(scene(), instance.id, subnetId);
    if (moved.ok) perform(editor, moved);
    else toast.error(moved.reason);
  };

  return (
    <>
      <TextField label="Name" value={instance.name} commit={(name) => update({ name })} />
      <TextField label="Address" value={instance.address} mono hint={`Inside ${subnet.cidr}`} commit={(text) => update({ address: text })} />
      <SelectField
        label="Subnet"
        value={instance.subnetId}
        options={document.subnets.map(({ id, name, vpcId }) => ({ value: id, label: `${index.vpcById.get(vpcId)?.name ?? "?"} / ${name}` }))}
        onChange={move}
      />
      <SwitchField label="Web server" checked={instance.webServer !== null} onChange={(on) => update({ webServer: on ? { port: PORT_FIRST } : null })} />
      {instance.webServer ? (
        <TextField label="Port" value={String(instance.webServer.port)} mono commit={(text) => (/^[1-9]\d{0,5}$/.test(text) ? update({ webServer: { port: Number(text) } }) : "A port is a whole number from 1 to 65535.")} />
      ) : null}
      <GroupChoice groups={index.groupsOfVpc(vpc.id).toSorted(byName)} chosen={instance.securityGroupIds} change={(securityGroupIds) => update({ securityGroupIds })} />
      <ElasticIpSection
        target={{ kind: "instance", id: instance.id }}
        name={instance.name}
        empty={address ? `None; it got ${address} by itself.` : subnet.autoAssignPublicAddress ? "None. Its subnet gives it a public address when the host has one." : "None, and its subnet assigns no public address."}
      />
      <SwitchField
        label="Source/destination check"
        checked={instance.sourceDestCheck}
        onChange={(sourceDestCheck) => update({ sourceDestCheck })}
        hint={instance.sourceDestCheck ? "On: it sends and receives for itself only." : "Off: it forwards what a route table sends to it."}
      />
      <PublishedPorts instance={instance} />
      <dl className="flex flex-col gap-1">
        <Fact label="Namespace" value={instanceNamespace(topologyName, vpc.name, subnet.name, instance.name)} copy />
        {vpc.dnsSupport ? <Fact label="DNS name" value={instanceDnsNames(vpc.name, subnet.name, instance.name)[0] ?? ""} copy /> : null}
        {vpc.reachableFromHost ? <Fact label="From the host" value={commandFromHost(instance)} copy /> : null}
      </dl>
    </>
  );
}
