"use client";

import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import { useGesture, useScene } from "../state/editor-context";
import { edgePath } from "../scene/edge-path";
import type { EdgeRoutes } from "../scene/edge-routes";
import { pathPoints } from "../scene/path-points";
import type { Point } from "../scene/rect";

/** Pixels between the way there and the way back, which mostly are the same. */
const BESIDE = 7;

/** The way of a packet and of its answer, lit on the canvas above everything else. */
export function PathOverlay({ routes }: { readonly routes: EdgeRoutes }) {
  const scene = useScene();
  const lit = useGesture(({ path }) => path);
  const there = useMemo(() => (lit ? pathPoints(scene, routes, lit.there) : []), [scene, routes, lit]);
  const back = useMemo(() => (lit?.arrived ? pathPoints(scene, routes, lit.back).map(({ x, y }) => ({ x: x + BESIDE, y: y + BESIDE })) : []), [scene, routes, lit]);
  if (!lit || there.length < 2) return null;
  return (
    <ViewportPortal>
      <svg data-path={lit.reached ? "reached" : "stopped"} className="pointer-events-none absolute overflow-visible" style={{ zIndex: 8 }} width="1" height="1">
        <Way points={there} ends={lit.arrived} width={4} way="there" />
        {back.length > 1 ? <Way points={back} ends={lit.reached} width={2.5} way="back" /> : null}
      </svg>
    </ViewportPortal>
  );
}

interface WayProps {
  readonly points: readonly Point[];
  /** It gets to its end; otherwise a cross says where it stops. */
  readonly ends: boolean;
  readonly width: number;
  readonly way: "there" | "back";
}

function Way({ points, ends, width, way }: WayProps) {
  const start = points[0]!;
  const end = points.at(-1)!;
  const d = edgePath(points);
  return (
    <g data-way={way} className={ends ? "text-ok" : "text-bad"}>
      <path d={d} fill="none" stroke="currentColor" strokeWidth={width} strokeLinecap="round" opacity="0.35" />
      <path d={d} fill="none" stroke="currentColor" strokeWidth={width} strokeLinecap="round" className="path-dash" />
      {way === "there" ? <circle cx={start.x} cy={start.y} r="7" fill="currentColor" /> : null}
      {ends
        ? <circle cx={end.x} cy={end.y} r={way === "there" ? 7 : 5} fill="currentColor" />
        : <path d={`M ${end.x - 7} ${end.y - 7} l 14 14 m 0 -14 l -14 14`} stroke="currentColor" strokeWidth="4" strokeLinecap="round" />}
    </g>
  );
}
