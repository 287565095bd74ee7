"use client";

import { isActive } from "@vpclab/shared/topology/effective";
import type { Direction, SecurityGroup, SecurityGroupRule } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { RuleHits } from "@vpclab/shared/wire/live";
import { useMemo } from "react";
import { useGesture, useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { Section } from "../../ui/section";
import { TextField } from "../../ui/text-field";
import { groupRuleForm } from "../forms/group-rule-form";
import type { NamedGroup } from "../forms/group-rule-form";
import { EditGrid } from "../grid/edit-grid";
import { HitMark, HitsNote } from "./hit-mark";
import { ObjectList, ObjectRow } from "./object-row";
import { useRuleHits } from "./use-rule-hits";
import { useListEdit, useUpdate } from "./use-update";

export function SecurityGroupFields({ group }: { readonly group: SecurityGroup }) {
  const { index, document } = useScene();
  const update = useUpdate("security-group", group.id, group.name);
  const hits = useRuleHits(group.id);
  const members = index.membersOf(group.id);
  const naming = document.securityGroups.filter(({ id, rules }) => id !== group.id && rules.some(({ peer }) => "securityGroupId" in peer && peer.securityGroupId === group.id));
  const isDefault = index.vpcById.get(group.vpcId)?.defaultSecurityGroupId === group.id;
  return (
    <>
      <TextField label="Name" value={group.name} commit={(name) => update({ name })} />
      <TextField label="Description" value={group.description} commit={(description) => update({ description })} />
      <Rules group={group} hits={hits} direction="ingress" empty="Nothing comes in." />
      <Rules group={group} hits={hits} direction="egress" empty="Nothing goes out." />
      {hits ? <HitsNote stateful /> : null}
      <Section title="Instances that have it">
        <ObjectList label="Instances that have it" empty="None.">
          {members.map(({ id, address }) => <ObjectRow key={id} id={id} name={objectName(index, id) ?? id} note={address} />)}
        </ObjectList>
      </Section>
      <Section title="Named by rules of">
        <ObjectList label="Named by rules of" empty="No other group.">
          {naming.map(({ id }) => <ObjectRow key={id} id={id} name={objectName(index, id) ?? id} />)}
        </ObjectList>
      </Section>
      <p className="text-xs text-muted">
        Rules allow, never deny; answers pass by themselves.
        {isDefault ? " The default group of its VPC: it cannot be deleted." : ""}
      </p>
    </>
  );
}

interface RulesProps {
  readonly group: SecurityGroup;
  readonly hits: RuleHits | null;
  readonly direction: Direction;
  readonly empty: string;
}

function Rules({ group, hits, direction, empty }: RulesProps) {
  const { index } = useScene();
  const edit = useListEdit({ kind: "security-group", id: group.id, name: group.name, field: "rules" });
  const pointedAt = useGesture(({ row }) => (row?.objectId === group.id ? row.rule : null));
  const form = useMemo(() => groupRuleForm(direction, namedGroups(index, group.vpcId), randomBytes), [direction, index, group.vpcId]);
  const shown = group.rules.filter((rule) => rule.direction === direction);
  /** Both directions are one list of the document. */
  const place = (at: number | null): number => (at === null ? group.rules.length : group.rules.indexOf(shown[at]!));
  const put = (row: SecurityGroupRule, at: number | null) => {
    const index_ = place(at);
    const rules = at === null ? [...group.rules, row] : group.rules.map((other, i) => (i === index_ ? row : other));
    return edit(rules, index_, form.columns);
  };
  return (
    <Section title={direction === "ingress" ? "Ingress rules" : "Egress rules"}>
      {shown.length === 0 ? <p className="px-1 text-xs text-muted">{empty}</p> : null}
      <EditGrid
        label={direction === "ingress" ? "Ingress rules" : "Egress rules"}
        word={`${direction} rule`}
        form={form}
        rows={shown}
        keyOf={({ id }) => id}
        put={put}
        remove={(at) => edit(group.rules.filter((rule) => rule !== shown[at]), place(at), form.columns)}
        noteOf={hits ? ({ id }) => <HitMark hits={hits} name={id} /> : undefined}
        isDimmed={({ peer }) => "goneSecurityGroupId" in peer}
        isPointedAt={({ id }) => id === pointedAt}
      />
    </Section>
  );
}

/** Groups of this VPC by name, those of VPCs with an active peering with their VPC's. */
function namedGroups(index: TopologyIndex, vpcId: string): readonly NamedGroup[] {
  const peers = index.peeringsOfVpc(vpcId).filter((peering) => isActive(peering) && peering.remote === null)
    .map(({ requesterVpcId, accepterVpcId }) => (requesterVpcId === vpcId ? accepterVpcId : requesterVpcId));
  return [
    ...index.groupsOfVpc(vpcId).map(({ id, name }) => ({ id, text: name })),
    ...peers.flatMap((peerId) => index.groupsOfVpc(peerId)).map(({ id }) => ({ id, text: objectName(index, id) ?? id })),
  ];
}
