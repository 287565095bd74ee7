"use client";

import { newElasticIp } from "@vpclab/shared/topology/new-object";
import type { Settings } from "@vpclab/shared/topology/topology";
import { useEditorState, useLive, useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { Section } from "../../ui/section";
import { Segmented } from "../../ui/segmented";
import { toast } from "sonner";
import { AddButton } from "./add-button";
import { Fact } from "./fact";
import { Hints } from "./hints";
import { NoteField } from "./note-field";
import { ObjectList, ObjectRow } from "./object-row";
import { useAdd } from "./use-add";
import { useCommand } from "./use-update";

/** Nothing selected: the topology as a whole, with hints that do not forbid anything. */
export function TopologyFields() {
  const { document } = useScene();
  const name = useEditorState((state) => state.name);
  const revision = useEditorState((state) => state.stored.revision);
  const command = useCommand();
  const { settings } = document;
  const set = (label: string, change: Partial<Settings>) => {
    const refused = command(label, { op: "settings", set: change });
    if (refused !== null) toast.error(refused);
  };
  return (
    <section aria-label="Inspector of the topology" className="flex flex-col gap-4 overflow-y-auto p-4">
      <div>
        <p className="text-xs text-muted">Topology</p>
        <h2 className="truncate text-lg font-semibold">{name}</h2>
      </div>
      <NoteField note={settings.note ?? ""} />
      <dl className="flex flex-col gap-1.5">
        <Fact label="VPCs" value={String(document.vpcs.length)} />
        <Fact label="Subnets" value={String(document.subnets.length)} />
        <Fact label="Instances" value={String(document.instances.length)} />
        <Fact label="Peerings" value={String(document.peerings.length)} />
        <Fact label="Revision" value={String(revision)} />
      </dl>
      <div className="flex flex-col gap-1">
        <span className="text-xs text-muted">First address of a subnet</span>
        <Segmented
          label="Addressing"
          value={settings.addressing}
          options={[{ value: "lab", label: "Lab, .2" }, { value: "aws", label: "AWS, .4" }]}
          onChange={(addressing) => set("Change addressing", { addressing })}
        />
      </div>
      <div className="flex flex-col gap-1">
        <span className="text-xs text-muted">When the host differs from what was applied</span>
        <Segmented
          label="Drift repair"
          value={settings.driftRepair}
          options={[{ value: "automatic", label: "Repair by itself" }, { value: "manual", label: "Show, wait for Apply" }]}
          onChange={(driftRepair) => set("Change drift repair", { driftRepair })}
        />
      </div>
      <ElasticIps />
      <Hints />
    </section>
  );
}

/** All Elastic IPs; those that nothing has stand only here. */
function ElasticIps() {
  const { document, index } = useScene();
  const add = useAdd();
  const addresses = useLive(({ deployment }) => deployment.publicAddresses);
  const free = [...document.elasticIps].sort((a, b) => Number(a.target !== null) - Number(b.target !== null));
  return (
    <Section title="Elastic IPs" action={<AddButton label="Add Elastic IP" onClick={() => add("Elastic IP", newElasticIp)} />}>
      <ObjectList label="Elastic IPs" empty="None. A public address of its own for an instance or a NAT gateway.">
        {free.map(({ id, name, target }) => (
          <ObjectRow
            key={id}
            id={id}
            name={target ? `${name} → ${objectName(index, target.id) ?? "?"}` : name}
            note={target ? addresses[id] : [addresses[id], "not associated"].filter(Boolean).join(" · ")}
            bad={target === null}
            removable
          />
        ))}
      </ObjectList>
    </Section>
  );
}
