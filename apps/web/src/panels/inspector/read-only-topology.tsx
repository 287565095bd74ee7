"use client";

import { useEditorState, useLive, useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { Section } from "../../ui/section";
import { ReadFact } from "./fact";
import { Hints } from "./hints";
import { ObjectList, ObjectRow } from "./object-row";

const WORDS = {
  addressing: { lab: "lab, .2", aws: "AWS, .4" },
  driftRepair: { automatic: "repaired by itself", manual: "shown, waits for Apply" },
} as const;

/** The topology as a whole, for those who only look. */
export function ReadOnlyTopology({ hints = true }: { readonly hints?: boolean }) {
  const { document, index } = useScene();
  const name = useEditorState((state) => state.name);
  const addresses = useLive(({ deployment }) => deployment.publicAddresses);
  const { settings } = document;
  return (
    <section aria-label="Inspector of the topology" className="flex flex-col gap-4 overflow-y-auto p-4">
      <div>
        <p className="text-xs text-muted">Topology</p>
        <h2 className="truncate text-lg font-semibold">{name}</h2>
      </div>
      {settings.note ? <p className="rounded-box bg-raised px-3 py-2 text-sm break-words">{settings.note}</p> : null}
      <dl className="flex flex-col gap-1.5">
        <ReadFact label="VPCs" value={String(document.vpcs.length)} />
        <ReadFact label="Subnets" value={String(document.subnets.length)} />
        <ReadFact label="Instances" value={String(document.instances.length)} />
        <ReadFact label="Peerings" value={String(document.peerings.length)} />
        <ReadFact label="First address of a subnet" value={WORDS.addressing[settings.addressing]} />
        <ReadFact label="When the host differs" value={WORDS.driftRepair[settings.driftRepair]} />
      </dl>
      <Section title="VPCs"><ObjectList label="VPCs" empty="None.">{document.vpcs.map(({ id, cidr }) => <ObjectRow key={id} id={id} note={cidr} />)}</ObjectList></Section>
      <Section title="Peerings"><ObjectList label="Peerings" empty="None.">{document.peerings.map(({ id, status }) => <ObjectRow key={id} id={id} note={status} />)}</ObjectList></Section>
      <Section title="Elastic IPs">
        <ObjectList label="Elastic IPs" empty="None.">
          {document.elasticIps.map(({ id, name: own, target }) => <ObjectRow key={id} id={id} name={target ? `${own} → ${objectName(index, target.id) ?? "?"}` : own} note={addresses[id]} />)}
        </ObjectList>
      </Section>
      {hints ? <Hints /> : null}
    </section>
  );
}
