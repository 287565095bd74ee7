"use client";

import { ViewportPortal } from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import { along } from "../scene/along";
import { useGesture, useScene } from "../state/editor-context";
import type { EdgeRoutes } from "../scene/edge-routes";
import type { TravellingPacket } from "../state/gesture-store";
import { pathWay } from "../scene/path-points";
import type { Point } from "../scene/rect";

/** For human eyes. */
export const TRAVEL_MS = 700;
const TONE: Record<TravellingPacket["verdict"], string> = { pass: "text-accent", stop: "text-bad", unknown: "text-warn" };

/** The packet that is followed, on its way from place to place. */
export function PacketOverlay({ routes }: { readonly routes: EdgeRoutes }) {
  const scene = useScene();
  const packet = useGesture((gestures) => gestures.packet);
  const way = useMemo(() => (packet ? pathWay(scene, routes, packet.ids) : null), [scene, routes, packet]);
  if (!packet || !way || way.points.length === 0) return null;
  const [start, end] = [way.marks[packet.from] ?? 0, way.marks[packet.to] ?? way.points.length - 1];
  const points = start <= end ? way.points.slice(start, end + 1) : way.points.slice(end, start + 1).reverse();
  return (
    <ViewportPortal>
      <svg data-packet={packet.verdict} data-packet-step={packet.step} className={`pointer-events-none absolute overflow-visible ${TONE[packet.verdict]}`} style={{ zIndex: 9 }} width="1" height="1">
        <Packet key={packet.step} points={points} verdict={packet.verdict} />
      </svg>
    </ViewportPortal>
  );
}

/** Moves once, at its birth; where motion is not wanted it stands at its end at once. */
function Packet({ points, verdict }: { readonly points: readonly Point[]; readonly verdict: TravellingPacket["verdict"] }) {
  const group = useRef<SVGGElement>(null);
  useEffect(() => {
    const place = ({ x, y }: Point) => group.current?.setAttribute("transform", `translate(${x} ${y})`);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || points.length < 2) return place(along(points, 1));
    const startedAt = performance.now();
    let frame = 0;
    const move = (now: number) => {
      const part = Math.min(1, (now - startedAt) / TRAVEL_MS);
      place(along(points, part * part * (3 - 2 * part)));
      if (part < 1) frame = requestAnimationFrame(move);
    };
    place(along(points, 0));
    frame = requestAnimationFrame(move);
    return () => cancelAnimationFrame(frame);
  }, [points]);
  return (
    <g ref={group}>
      <circle r="15" fill="currentColor" opacity="0.2" />
      <rect x="-9" y="-6.5" width="18" height="13" rx="2.5" fill="currentColor" />
      {verdict === "pass"
        ? <path d="M-6 -3.5 0 1 6 -3.5" fill="none" stroke="var(--color-surface)" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />
        : verdict === "stop"
          ? <path d="M-4 -4 4 4M4 -4 -4 4" stroke="var(--color-surface)" strokeWidth="2" strokeLinecap="round" />
          : <text y="4.5" textAnchor="middle" fontSize="12" fontWeight="700" fill="var(--color-surface)">?</text>}
    </g>
  );
}
