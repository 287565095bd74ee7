import { BaseEdge, EdgeLabelRenderer } from "@xyflow/react";
import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useEditor, useGesture, useObjectState } from "../editor-context";
import { select } from "../editor-store";
import { edgePath, labelPoint } from "../edge-path";
import type { PeeringEdge } from "../from-topology";
import { ObjectReason, ObjectStateMark } from "../nodes/object-state-mark";
import { Rate } from "../nodes/rate";
import { FlowLine } from "./flow-line";
import { lineStyle } from "./line-style";

/** A peering between two VPCs, with its two ranges and its traffic on a label. */
export const PeeringEdgeView = memo(function PeeringEdgeView({ id, data, selected }: EdgeProps<PeeringEdge>) {
  const { editor } = useEditor();
  const { state, reason } = useObjectState(id);
  const lit = useGesture(({ path }) => path?.ids.includes(id) ?? false);
  if (!data) return null;
  const { peering, requester, accepter, points } = data;
  const path = edgePath(points);
  const label = labelPoint(points);
  return (
    <>
      <BaseEdge path={path} interactionWidth={24} style={lineStyle(state, { selected: Boolean(selected), lit })} />
      <FlowLine id={id} path={path} />
      <EdgeLabelRenderer>
        <button
          type="button"
          data-object={`peering:${peering.name}`}
          data-state={state}
          data-id={id}
          title={reason}
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
            <span className="when-near legible-sm numeric text-muted">{requester.cidr}</span>
            <span className="when-near legible-sm numeric text-muted">{accepter.cidr}</span>
            <span className="when-near"><ObjectReason id={id} /></span>
            <Rate id={id} />
          </span>
        </button>
      </EdgeLabelRenderer>
    </>
  );
});
