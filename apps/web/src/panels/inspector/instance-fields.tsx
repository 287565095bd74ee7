"use client";

import { instanceNamespace } from "@vpclab/shared/net/namespace-name";
import type { Instance } from "@vpclab/shared/topology/topology";
import { Switch } from "radix-ui";
import { useId } from "react";
import { toast } from "sonner";
import { useEditor, useEditorState } from "../../canvas/editor-context";
import { perform } from "../../canvas/editor-store";
import { moveInstanceTo } from "../../canvas/move-objects";
import { TextField } from "../../ui/text-field";
import { Fact } from "./fact";
import { useUpdate } from "./use-update";

const PORT_FIRST = 8080;

export function InstanceFields({ instance }: { readonly instance: Instance }) {
  const { editor, scene } = useEditor();
  const id = useId();
  const update = useUpdate("instance", instance.id, instance.name);
  const document = useEditorState((state) => state.document);
  const topologyName = useEditorState((state) => state.name);
  const subnet = document.subnets.find((candidate) => candidate.id === instance.subnetId);
  const vpc = document.vpcs.find((candidate) => candidate.id === subnet?.vpcId);

  const move = (subnetId: string) => {
    const moved = moveInstanceTo(scene(), instance.id, subnetId);
    if (moved.ok) perform(editor, moved);
    else toast.error(moved.reason);
  };

  return (
    <>
      <TextField label="Name" value={instance.name} commit={(name) => update({ name })} />
      <TextField label="Address" value={instance.address} mono hint={`Inside ${subnet?.cidr ?? "its subnet"}`} commit={(address) => update({ address })} />
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-subnet`} className="text-xs text-muted">Subnet</label>
        <select
          id={`${id}-subnet`}
          value={instance.subnetId}
          onChange={(event) => move(event.target.value)}
          className="h-8 rounded-box border border-line bg-surface px-1.5 text-sm hover:border-line-strong"
        >
          {document.subnets.map((candidate) => (
            <option key={candidate.id} value={candidate.id}>
              {`${document.vpcs.find(({ id: vpcId }) => vpcId === candidate.vpcId)?.name ?? "?"} / ${candidate.name}`}
            </option>
          ))}
        </select>
      </div>
      <div className="flex items-center justify-between">
        <label htmlFor={`${id}-web`} className="text-sm">Web server</label>
        <Switch.Root
          id={`${id}-web`}
          checked={instance.webServer !== null}
          onCheckedChange={(on) => update({ webServer: on ? { port: PORT_FIRST } : null })}
          className="h-5 w-9 rounded-full border border-line-strong bg-raised data-[state=checked]:border-accent data-[state=checked]:bg-accent"
        >
          <Switch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-muted transition-transform duration-100 data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-on-accent" />
        </Switch.Root>
      </div>
      {instance.webServer ? (
        <TextField label="Port" value={String(instance.webServer.port)} mono commit={(text) => (/^\d{1,6}$/.test(text) ? update({ webServer: { port: Number(text) } }) : "A port is a whole number from 1 to 65535.")} />
      ) : null}
      <dl className="flex flex-col gap-1">
        <Fact label="Namespace" value={instanceNamespace(topologyName, vpc?.name ?? "", subnet?.name ?? "", instance.name)} copy />
      </dl>
    </>
  );
}
