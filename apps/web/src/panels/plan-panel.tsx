"use client";

import type { ChangeKind, PlannedChange } from "@vpclab/shared/plan/step";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { ChevronRight, Play } from "lucide-react";
import { useMemo } from "react";
import { useEditor, useEditorState, useLive, useScene } from "../canvas/state/editor-context";
import { select } from "../canvas/state/editor-store";
import { countOf } from "../canvas/scene/object-counts";
import { vpcIdOf } from "../canvas/scene/scene";
import { Button } from "../ui/button";
import { CommandBlock } from "../ui/command-block";
import { useLooksOnly } from "./people/use-looks-only";
import { PlanFlows } from "./plan-flows";
import { useDeployment } from "./use-deployment";

/** What Apply will do, like a review: grouped by VPC, a sentence each, the commands folded beneath. */
export function PlanPanel() {
  const plan = useLive((live) => live.plan);
  const applying = useLive((live) => live.run !== null && live.run.endedAt === null);
  const online = useLive((live) => live.host?.online ?? false);
  const saved = useEditorState((state) => state.save.kind === "saved");
  const { index } = useScene();
  const looksOnly = useLooksOnly();
  const { apply } = useDeployment();
  const groups = useMemo(() => groupByVpc(plan?.changes ?? [], index), [plan, index]);

  if (applying) return <Note>An apply is running. Its progress is in Events.</Note>;
  if (!plan) return <Note>{online ? "The plan is being made." : "No host is online, so there is nothing to compare the drawing with."}</Note>;
  if (plan.changes.length === 0) return <Note>Nothing to do: the host is as drawn.</Note>;
  const counts = count(plan.changes);
  return (
    <section aria-label="Plan" className="flex min-h-0 flex-1 flex-col">
      <header className="grid grid-cols-[1fr_auto] items-center gap-x-3 gap-y-1 border-b border-line px-4 py-3">
        <p className="numeric flex gap-3 text-sm" aria-label={`${counts.create} to create, ${counts.change} to change, ${counts.remove} to remove`}>
          <span className="text-ok">+{counts.create}</span>
          <span className="text-warn">~{counts.change}</span>
          <span className="text-bad">−{counts.remove}</span>
        </p>
        <Button look="primary" size="sm" title={looksOnly ? "Viewers do not apply" : undefined} onClick={apply} disabled={looksOnly || !online || !saved}><Play className="size-3.5" aria-hidden />Apply</Button>
        <p className="col-span-2 text-xs text-muted">
          {plan.basis === "observed" ? `${countOf(plan.steps, "command")}, compared with the kernel as it is.` : "The host is away: compared with what was applied last."}
        </p>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-3">
        <PlanFlows />
        {groups.map(([group, changes]) => (
          <section key={group} aria-label={group} className="mb-4">
            <h3 className="px-1 pb-1 text-xs font-medium text-muted">{group}</h3>
            <ul className="flex flex-col gap-1">
              {changes.map((change) => <ChangeRow key={`${change.objectId}${change.kind}`} change={change} />)}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}

const SIGN: Readonly<Record<ChangeKind, { readonly sign: string; readonly word: string; readonly tone: string }>> = {
  create: { sign: "+", word: "create", tone: "bg-ok-soft text-ok" },
  change: { sign: "~", word: "change", tone: "bg-warn-soft text-warn" },
  remove: { sign: "−", word: "remove", tone: "bg-bad-soft text-bad" },
};

function ChangeRow({ change }: { readonly change: PlannedChange }) {
  const { editor } = useEditor();
  const { sign, word, tone } = SIGN[change.kind];
  return (
    <li>
      <details className="group rounded-box border border-line bg-surface">
        <summary className="flex list-none items-start gap-2 rounded-box px-2.5 py-2 hover:bg-raised" onClick={() => select(editor, change.kind === "remove" ? [] : [change.objectId])}>
          <span aria-label={word} className={`numeric mt-px inline-flex size-5 shrink-0 items-center justify-center rounded-[5px] text-sm font-medium ${tone}`}>{sign}</span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm font-medium">{change.name}</span>
            <span className="block text-xs text-muted">{change.sentence}</span>
          </span>
          <ChevronRight className="mt-0.5 size-4 shrink-0 text-muted transition-transform duration-100 group-open:rotate-90" aria-hidden />
        </summary>
        <div className="px-2.5 pb-2.5"><CommandBlock commands={change.commands} label={`Copy the commands for ${change.name}`} /></div>
      </details>
    </li>
  );
}

const Note = ({ children }: { readonly children: React.ReactNode }) => <p role="status" className="p-4 text-sm text-muted">{children}</p>;

function count(changes: readonly PlannedChange[]): Record<ChangeKind, number> {
  const counts = { create: 0, change: 0, remove: 0 };
  for (const { kind } of changes) counts[kind] += 1;
  return counts;
}

/** By the VPC an object is in. Removed ones are no longer in the drawing; their name begins with their VPC's. */
function groupByVpc(changes: readonly PlannedChange[], index: TopologyIndex): readonly (readonly [string, readonly PlannedChange[]])[] {
  const groups = new Map<string, PlannedChange[]>();
  for (const change of changes) {
    const group = groupOf(change, index);
    groups.set(group, [...(groups.get(group) ?? []), change]);
  }
  // A container stands before what is in it; gateways after the subnets, then what filters and routes.
  const rank = ({ objectId }: PlannedChange) => AFTER_CONTAINERS.findIndex((prefix) => objectId.startsWith(prefix));
  for (const group of groups.values()) group.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en", { numeric: true }));
  const last = new Set(["Between VPCs", "Elastic IPs", "Host"]);
  return [...groups].sort(([a], [b]) => Number(last.has(a)) - Number(last.has(b)) || a.localeCompare(b, "en", { numeric: true }));
}

/** Kinds after the containers; what is not named here comes first. */
const AFTER_CONTAINERS = ["igw-", "nat-", "eipalloc-", "rtb-", "acl-", "sg-"];

function groupOf(change: PlannedChange, index: TopologyIndex): string {
  const vpcId = vpcIdOf(index, change.objectId);
  if (vpcId !== null) return index.vpcById.get(vpcId)?.name ?? change.name;
  if (change.objectId.startsWith("pcx-")) return "Between VPCs";
  if (change.objectId.startsWith("eipalloc-")) return "Elastic IPs";
  if (/^(vpc|subnet|i|nat|rtb|sg|acl)-/.test(change.objectId)) return change.name.split("/")[0] ?? change.name;
  return change.objectId.startsWith("igw-") ? change.name.replace(/-igw\d*$/, "") : "Host";
}
