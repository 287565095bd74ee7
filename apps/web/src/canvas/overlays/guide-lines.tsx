"use client";

import { ViewportPortal } from "@xyflow/react";
import { useGesture } from "../state/editor-context";
import type { GapGuide } from "../scene/guide";

/** With what the dragged box lines up, and which gaps are equal; one pixel wide however far out the view is. */
export function GuideLines() {
  const guides = useGesture((state) => state.guides);
  if (guides.length === 0) return null;
  return (
    <ViewportPortal>
      {guides.map(({ kind, axis, at, from, to }) => (kind === "gap" ? <GapLine key={`${axis}${at} ${from}`} axis={axis} at={at} from={from} to={to} /> : (
        <div
          key={`${axis}${at}`}
          data-guide={axis}
          aria-hidden
          className={`pointer-events-none absolute z-20 border-accent ${axis === "x" ? "border-l" : "border-t"} border-dashed`}
          style={axis === "x"
            ? { transform: `translate(${at}px, ${from}px)`, height: to - from, borderWidth: "0 0 0 calc(1.5px * var(--legible, 1))" }
            : { transform: `translate(${from}px, ${at}px)`, width: to - from, borderWidth: "calc(1.5px * var(--legible, 1)) 0 0 0" }}
        />
      )))}
    </ViewportPortal>
  );
}

/** A measure with a cross-bar at both ends. */
function GapLine({ axis, at, from, to }: Omit<GapGuide, "kind">) {
  const bar = (place: number) => (axis === "x" ? `M${place} ${at - 6}V${at + 6}` : `M${at - 6} ${place}H${at + 6}`);
  const measure = axis === "x" ? `M${from} ${at}H${to}` : `M${at} ${from}V${to}`;
  return (
    <svg data-gap={axis} aria-hidden width="1" height="1" className="pointer-events-none absolute z-20 overflow-visible text-accent">
      <path d={measure + bar(from) + bar(to)} fill="none" stroke="currentColor" style={{ strokeWidth: "calc(1.5px * var(--legible, 1))" }} />
    </svg>
  );
}
