import { BaseEdge } from "@xyflow/react";
import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { isOnPath } from "../state/gesture-store";
import { useGesture, useObjectState } from "../state/editor-context";
import { edgePath } from "../scene/edge-path";
import type { GatewayEdge } from "../scene/from-topology";
import { FlowLine } from "./flow-line";
import { lineStyle } from "./line-style";

/** From an internet gateway up to the host, where its link ends. */
export const GatewayEdgeView = memo(function GatewayEdgeView({ data }: EdgeProps<GatewayEdge>) {
  const id = data?.gateway.id ?? "";
  const { state } = useObjectState(id);
  const lit = useGesture(({ path }) => isOnPath(path, id));
  const path = edgePath(data?.points ?? []);
  return (
    <>
      <BaseEdge path={path} interactionWidth={0} style={lineStyle(state, { selected: false, lit })} />
      <FlowLine ids={id} path={path} />
    </>
  );
});
