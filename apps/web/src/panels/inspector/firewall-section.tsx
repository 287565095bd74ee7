"use client";

import type { Direction, Firewall, FirewallRule, Subnet } from "@vpclab/shared/topology/topology";
import { DIRECTIONS } from "@vpclab/shared/topology/topology";
import { firewallDefaultName, firewallRuleName } from "@vpclab/shared/plan/rule-names";
import type { RuleHits } from "@vpclab/shared/wire/live";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo, useState } from "react";
import { useGesture } from "../../canvas/state/editor-context";
import { IconButton } from "../../ui/icon-button";
import { SelectField } from "../../ui/select-field";
import { SwitchField } from "../../ui/switch-field";
import { firewallRuleForm, moved, NEW_FIREWALL, withRules } from "../forms/firewall-rule-form";
import { EditGrid } from "../grid/edit-grid";
import { rowErrorsOf } from "../grid/row-form";
import type { RowErrors } from "../grid/row-form";
import { ImportPolicy } from "./import-policy";
import { HitMark, HitsNote } from "./hit-mark";
import { useRuleHits } from "./use-rule-hits";
import { useEdit, useUpdate, withoutRow, withRow } from "./use-update";

/** The subnet's own list of what may pass: on or off, and the rules of each direction in their order. */
export function FirewallSection({ subnet }: { readonly subnet: Subnet }) {
  const update = useUpdate("subnet", subnet.id, subnet.name);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { firewall } = subnet;
  const hits = useRuleHits(subnet.id, firewall !== null);
  return (
    <section aria-label="Firewall" className="flex flex-col gap-1">
      <SwitchField
        label="Firewall"
        checked={firewall !== null}
        onChange={(on) => setRefusal(update({ firewall: on ? NEW_FIREWALL : null }))}
        hint={firewall ? "The first rule that matches decides; answers pass by themselves. Security groups must allow it, too." : "Off: security groups and the network ACL alone decide."}
      />
      {refusal ? <p role="alert" className="text-xs text-bad">{refusal}</p> : null}
      <ImportPolicy subnet={subnet} />
      {firewall ? DIRECTIONS.map((direction) => <Rules key={direction} subnet={subnet} firewall={firewall} hits={hits} direction={direction} />) : null}
      {firewall && hits ? <HitsNote stateful /> : null}
    </section>
  );
}

interface RulesProps {
  readonly subnet: Subnet;
  readonly firewall: Firewall;
  readonly hits: RuleHits | null;
  readonly direction: Direction;
}

const ACTIONS = [{ value: "allow", label: "is allowed" }, { value: "deny", label: "is denied" }] as const;

function Rules({ subnet, firewall, hits, direction }: RulesProps) {
  const edit = useEdit();
  const pointedAt = useGesture(({ row }) => (row?.objectId === subnet.id ? row.rule : null));
  const form = useMemo(() => firewallRuleForm(direction), [direction]);
  const shown = firewall.rules.filter((rule) => rule.direction === direction);
  const save = (changed: Firewall, rowIndex: number): RowErrors => {
    const issues = edit(`Edit ${subnet.name}`, { op: "update", kind: "subnet", id: subnet.id, set: { firewall: changed } });
    return rowErrorsOf(issues, { objectId: subnet.id, field: ["firewall", "rules"], rowIndex }, form.columns);
  };
  const put = (own: readonly FirewallRule[], at: number): RowErrors => {
    const rules = withRules(firewall, direction, own);
    return save({ ...firewall, rules }, own[at] ? rules.indexOf(own[at]) : at);
  };
  const title = direction === "ingress" ? "Ingress rules" : "Egress rules";
  return (
    <div className="flex flex-col gap-1 pt-1">
      <h4 className="text-xs text-muted">{title}</h4>
      <EditGrid
        label={title}
        word={`${direction} rule`}
        form={form}
        rows={shown}
        keyOf={(_, at) => String(at)}
        put={(row, at) => put(withRow(shown, row, at), at ?? shown.length)}
        remove={(at) => put(withoutRow(shown, at), at)}
        noteOf={hits ? (row) => <HitMark hits={hits} name={firewallRuleName(row)} /> : undefined}
        markOf={(row) => <Move label={`${direction} rule`} at={shown.indexOf(row)} of={shown.length} move={(by) => void put(moved(shown, shown.indexOf(row), by), shown.indexOf(row))} />}
        isPointedAt={(row) => `${direction} ${shown.indexOf(row) + 1}` === pointedAt}
      />
      {hits ? <p className="flex items-center justify-end text-xs text-muted">{direction === "ingress" ? "Came in and no rule named:" : "Went out and no rule named:"}<HitMark hits={hits} name={firewallDefaultName(direction)} /></p> : null}
      <SelectField
        label={direction === "ingress" ? "What comes in and no rule names" : "What goes out and no rule names"}
        value={firewall.defaults[direction]}
        options={ACTIONS}
        onChange={(value) => void save({ ...firewall, defaults: { ...firewall.defaults, [direction]: value } }, 0)}
      />
    </div>
  );
}

interface MoveProps {
  readonly label: string;
  readonly at: number;
  readonly of: number;
  readonly move: (by: -1 | 1) => void;
}

/** The order decides, so a row can be moved against its neighbours. */
function Move({ label, at, of, move }: MoveProps) {
  const button = "!size-7";
  return (
    <>
      <IconButton label={`Move ${label} ${at + 1} up`} icon={<ArrowUp className="size-3.5" />} className={button} disabled={at === 0} onClick={() => move(-1)} />
      <IconButton label={`Move ${label} ${at + 1} down`} icon={<ArrowDown className="size-3.5" />} className={button} disabled={at === of - 1} onClick={() => move(1)} />
    </>
  );
}
