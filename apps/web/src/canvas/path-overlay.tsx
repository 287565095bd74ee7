"use client";

import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import { useGesture, useScene } from "./editor-context";
import { edgePath } from "./edge-path";
import type { EdgeRoutes } from "./edge-routes";
import { pathPoints } from "./path-points";

/** The way of a tested packet, lit on the canvas above everything else. */
export function PathOverlay({ routes }: { readonly routes: EdgeRoutes }) {
  const scene = useScene();
  const lit = useGesture(({ path }) => path);
  const points = useMemo(() => (lit ? pathPoints(scene, routes, lit.ids) : []), [scene, routes, lit]);
  if (!lit || points.length < 2) return null;
  const start = points[0]!;
  const end = points.at(-1)!;
  const colour = lit.reached ? "text-ok" : "text-text";
  return (
    <ViewportPortal>
      <svg data-path={lit.reached ? "reached" : "stopped"} className={`pointer-events-none absolute overflow-visible ${colour}`} style={{ zIndex: 8 }} width="1" height="1">
        <path d={edgePath(points)} fill="none" stroke="currentColor" strokeWidth="4" strokeLinecap="round" opacity="0.35" />
        <path d={edgePath(points)} fill="none" stroke="currentColor" strokeWidth="4" strokeLinecap="round" className="path-dash" />
        <circle cx={start.x} cy={start.y} r="7" fill="currentColor" />
        {lit.reached
          ? <circle cx={end.x} cy={end.y} r="7" fill="currentColor" />
          : <path d={`M ${end.x - 7} ${end.y - 7} l 14 14 m 0 -14 l -14 14`} stroke="currentColor" strokeWidth="4" strokeLinecap="round" />}
      </svg>
    </ViewportPortal>
  );
}
