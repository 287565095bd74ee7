"use client";

import type { FlowChange, FlowChanges } from "@vpclab/shared/analysis/flow-changes";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { ArrowRight, Ban, CircleCheck } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useEditor, useEditorState, useLive, useScene } from "../canvas/state/editor-context";
import { select } from "../canvas/state/editor-store";
import { ruleInWords } from "./dock/rule-in-words";
import { startFlowWork } from "./flow-work";
import { useAppliedDocument } from "./use-applied-document";

/** What the plan means for traffic: the flows that Apply will cut, and those that it makes possible. Nothing before the first apply. */
export function PlanFlows() {
  const found = useFlowChanges();
  const before = useMemo(() => found && indexTopology(found.before), [found]);
  if (found === null || before === null) return null;
  const { cut, opened, cutTotal, openedTotal, sampled } = found.changes;
  return (
    <section aria-label="Flows" className="mb-4 flex flex-col gap-2">
      {cutTotal + openedTotal === 0 ? <p className="px-1 text-xs text-muted">No flow between what stays is cut or opened.</p> : null}
      <FlowList label="Will be cut" before={before} flows={cut} total={cutTotal} look="cut" />
      <FlowList label="Newly possible" before={before} flows={opened} total={openedTotal} look="opened" />
      {sampled ? (
        <p className="px-1 text-xs text-muted">
          {`Looked at ${sampled.asked} of ${sampled.of} instances, which stand for others with the same subnet and groups; there may be more.`}
        </p>
      ) : null}
    </section>
  );
}

const LOOKS = {
  cut: { sign: Ban, tone: "text-bad" },
  opened: { sign: CircleCheck, tone: "text-ok" },
} as const;
const SHOWN_AT_FIRST = 5;

interface FlowListProps {
  readonly label: string;
  /** The document that stands: rules that go are called by their place there. */
  readonly before: TopologyIndex;
  readonly flows: readonly FlowChange[];
  readonly total: number;
  readonly look: keyof typeof LOOKS;
}

function FlowList({ label, before, flows, total, look }: FlowListProps) {
  const [all, setAll] = useState(false);
  if (total === 0) return null;
  const { sign: Sign, tone } = LOOKS[look];
  const shown = all ? flows : flows.slice(0, SHOWN_AT_FIRST);
  return (
    <div className="flex flex-col gap-1">
      <h3 className={`flex items-center gap-1.5 px-1 text-xs font-medium ${tone}`}><Sign className="size-3.5" aria-hidden />{`${label}: ${total}`}</h3>
      <ul aria-label={label} className="flex flex-col gap-1">
        {shown.map((flow) => <FlowRow key={`${flow.from}/${flow.to}`} flow={flow} before={before} />)}
      </ul>
      {shown.length < flows.length ? <button type="button" onClick={() => setAll(true)} className="self-start px-1 text-xs text-accent underline underline-offset-2">{`Show ${flows.length - shown.length} more`}</button> : null}
      {all && flows.length < total ? <p className="px-1 text-xs text-muted">{`and ${total - flows.length} more`}</p> : null}
    </div>
  );
}

function FlowRow({ flow, before }: { readonly flow: FlowChange; readonly before: TopologyIndex }) {
  const { editor, gestures } = useEditor();
  const { index } = useScene();
  const { objectId, rule } = flow.decision;
  const goThere = () => {
    gestures.setState({ row: objectId === null || rule === null ? null : { objectId, rule } });
    if (objectId !== null) select(editor, [objectId]);
  };
  return (
    <li>
      <button type="button" onClick={goThere} className="flex w-full flex-col rounded-box border border-line bg-surface px-2.5 py-1.5 text-left hover:bg-raised">
        <span className="flex flex-wrap items-center gap-x-1.5 text-sm font-medium">
          {flow.from}<ArrowRight className="size-3.5 text-muted" aria-label="to" />{flow.to}
          <span className="numeric text-xs font-normal text-muted">{flow.traffic.join(", ")}</span>
        </span>
        <span className="text-xs text-muted">{ruleInWords(index, flow.why)}</span>
        {flow.was === null ? null : <span className="text-xs text-muted">{`Until now: ${ruleInWords(before, flow.was)}.`}</span>}
      </button>
    </li>
  );
}

interface Found {
  readonly before: Topology;
  readonly after: Topology;
  readonly changes: FlowChanges;
}

/** Null before the first apply, and while the two are being compared. */
function useFlowChanges(): Found | null {
  const before = useAppliedDocument();
  const after = useEditorState((state) => state.document);
  const publicPool = useLive((live) => live.host?.publicPool ?? false);
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (before === null || before === after) return;
    return startFlowWork(before, after, { publicPool }, (changes) => setFound({ before, after, changes }));
  }, [before, after, publicPool]);
  return found !== null && found.before === before && found.after === after ? found : null;
}
