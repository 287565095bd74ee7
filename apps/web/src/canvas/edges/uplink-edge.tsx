import { BaseEdge } from "@xyflow/react";
import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { edgePath } from "../scene/edge-path";
import { useGesture, useLive } from "../state/editor-context";
import type { UplinkEdge } from "../scene/from-topology";
import { isOnPath } from "../state/gesture-store";
import { HOST_ID, INTERNET_ID } from "../scene/scene";
import { FlowLine } from "./flow-line";
import { lineStyle } from "./line-style";

/** From the host to the internet: whatever any gateway sends or gets passes here. Dashed as long as no host could. */
export const UplinkEdgeView = memo(function UplinkEdgeView({ data }: EdgeProps<UplinkEdge>) {
  const online = useLive(({ host, deployment }) => host?.online ?? deployment.state === "in-place");
  const lit = useGesture(({ path }) => isOnPath(path, HOST_ID) && isOnPath(path, INTERNET_ID));
  const path = edgePath(data?.points ?? []);
  return (
    <>
      <BaseEdge path={path} interactionWidth={0} style={lineStyle(online ? "in-place" : "absent", { selected: false, lit })} />
      <FlowLine ids={data?.gatewayIds ?? ""} path={path} />
    </>
  );
});
