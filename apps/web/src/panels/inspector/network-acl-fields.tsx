"use client";

import type { Direction, NetworkAcl, NetworkAclEntry } from "@vpclab/shared/topology/topology";
import { aclEntryName } from "@vpclab/shared/plan/rule-names";
import type { RuleHits } from "@vpclab/shared/wire/live";
import { useMemo } from "react";
import { useGesture, useScene } from "../../canvas/state/editor-context";
import { Section } from "../../ui/section";
import { TextField } from "../../ui/text-field";
import { aclEntryForm, sortedEntries } from "../forms/acl-entry-form";
import { EditGrid, FixedRow } from "../grid/edit-grid";
import { HitMark, HitsNote } from "./hit-mark";
import { ObjectList, ObjectRow } from "./object-row";
import { useRuleHits } from "./use-rule-hits";
import { useListEdit, useUpdate } from "./use-update";

export function NetworkAclFields({ acl }: { readonly acl: NetworkAcl }) {
  const { index } = useScene();
  const update = useUpdate("network-acl", acl.id, acl.name);
  const hits = useRuleHits(acl.id);
  const isDefault = index.vpcById.get(acl.vpcId)?.defaultNetworkAclId === acl.id;
  const used = index.subnetsOfVpc(acl.vpcId).filter(({ networkAclId }) => networkAclId === acl.id || (networkAclId === null && isDefault));
  return (
    <>
      <TextField label="Name" value={acl.name} commit={(name) => update({ name })} />
      <Entries acl={acl} hits={hits} direction="ingress" />
      <Entries acl={acl} hits={hits} direction="egress" />
      {hits ? <HitsNote stateful={false} /> : null}
      <Section title="Subnets that it filters">
        <ObjectList label="Subnets that it filters" empty="None. Choose it in a subnet’s inspector.">
          {used.map(({ id, cidr, networkAclId }) => <ObjectRow key={id} id={id} note={networkAclId === null ? `${cidr}, by default` : cidr} />)}
        </ObjectList>
      </Section>
      <p className="text-xs text-muted">The lowest number that matches decides. Stateless: answers need an entry of their own, mostly to ports 32768–60999.</p>
    </>
  );
}

function Entries({ acl, hits, direction }: { readonly acl: NetworkAcl; readonly hits: RuleHits | null; readonly direction: Direction }) {
  const edit = useListEdit({ kind: "network-acl", id: acl.id, name: acl.name, field: "entries" });
  const pointedAt = useGesture(({ row }) => (row?.objectId === acl.id ? row.rule : null));
  const form = useMemo(() => aclEntryForm(direction, acl.entries), [direction, acl.entries]);
  const shown = useMemo(() => sortedEntries(acl.entries).filter((entry) => entry.direction === direction), [acl.entries, direction]);
  const put = (row: NetworkAclEntry, at: number | null) => {
    const entries = sortedEntries([...acl.entries.filter((entry) => entry !== (at === null ? null : shown[at])), row]);
    return edit(entries, entries.indexOf(row), form.columns);
  };
  const title = direction === "ingress" ? "Ingress entries" : "Egress entries";
  return (
    <Section title={title}>
      <EditGrid
        label={title}
        word={`${direction} entry`}
        form={form}
        rows={shown}
        keyOf={(_, at) => String(at)}
        put={put}
        remove={(at) => edit(acl.entries.filter((entry) => entry !== shown[at]), at, form.columns)}
        after={<FixedRow label={`Last ${direction} entry`}><span className="w-12">*</span><span className="font-sans">Deny</span><span className="flex-1 font-sans">everything else</span>{hits ? <HitMark hits={hits} name={aclEntryName(acl.id, direction, "rest")} /> : null}</FixedRow>}
        noteOf={hits ? ({ number }) => <HitMark hits={hits} name={aclEntryName(acl.id, direction, number)} /> : undefined}
        isPointedAt={({ number }) => `${direction} ${number}` === pointedAt}
      />
    </Section>
  );
}
