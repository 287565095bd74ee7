import { BaseEdge, EdgeLabelRenderer } from "@xyflow/react";
import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { isOnPath } from "../state/gesture-store";
import { useEditor, useGesture, useObjectState } from "../state/editor-context";
import { select } from "../state/editor-store";
import { edgePath, labelPoint } from "../scene/edge-path";
import type { PeeringEdge } from "../scene/from-topology";
import { ObjectReason, ObjectStateMark } from "../nodes/object-state-mark";
import { Rate } from "../nodes/rate";
import { FlowLine } from "./flow-line";
import { PEERING_WORDS } from "../scene/peering-view";
import type { PeeringStatus } from "../scene/peering-view";
import { lineStyle } from "./line-style";

const PEERING_TONES: Readonly<Record<PeeringStatus, { readonly stroke: string; readonly text: string }>> = {
  active: { stroke: "", text: "" },
  "pending-acceptance": { stroke: "var(--color-busy)", text: "text-busy" },
  rejected: { stroke: "var(--color-bad)", text: "text-bad" },
  deleted: { stroke: "var(--color-bad)", text: "text-bad" },
};

/** A peering between two VPCs, with its two ranges and its traffic on a label. */
export const PeeringEdgeView = memo(function PeeringEdgeView({ id, data, selected }: EdgeProps<PeeringEdge>) {
  const { editor } = useEditor();
  const { state, reason } = useObjectState(id);
  const lit = useGesture(({ path }) => isOnPath(path, id));
  if (!data) return null;
  const { peering, requesterCidr, accepterCidr, routes, points } = data;
  const isActive = peering.status === "active";
  const tone = PEERING_TONES[peering.status];
  const path = edgePath(points);
  const label = labelPoint(points);
  return (
    <>
      <BaseEdge path={path} interactionWidth={24} style={{ ...lineStyle(state, { selected: Boolean(selected), lit }), ...(isActive || selected ? {} : { stroke: tone.stroke, strokeDasharray: "6 5" }) }} />
      <FlowLine ids={id} path={path} />
      <EdgeLabelRenderer>
        <button
          type="button"
          data-object={`peering:${peering.name}`}
          data-state={state}
          data-id={id}
          title={reason}
          data-status={peering.status}
          aria-label={`Peering ${peering.name}`}
          onClick={() => select(editor, [id])}
          className="nodrag nopan pointer-events-auto absolute z-10 rounded-box bg-surface text-left"
          style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
        >
          <span className="state-ring pointer-events-none absolute inset-0 rounded-box" />
          {selected ? <span className="pointer-events-none absolute -inset-0.5 rounded-[10px] border-2 border-accent" /> : null}
          <span className="when-small flex flex-col px-2.5 py-1.5">
            <span className="legible-sm flex items-center gap-2 font-medium whitespace-nowrap">
              {peering.name}
              <ObjectStateMark id={id} />
            </span>
            <span className="when-near legible-sm numeric text-muted">{requesterCidr}</span>
            <span className="when-near legible-sm numeric text-muted">{accepterCidr}</span>
            {isActive
              ? <span className={`when-near legible-sm whitespace-nowrap ${routes === "routes: both" ? "text-muted" : "text-warn"}`}>{routes}</span>
              : <span className={`when-middle legible-sm whitespace-nowrap ${tone.text}`}>{PEERING_WORDS[peering.status]}</span>}
            <span className="when-near"><ObjectReason id={id} /></span>
            <Rate id={id} />
          </span>
        </button>
      </EdgeLabelRenderer>
    </>
  );
});
