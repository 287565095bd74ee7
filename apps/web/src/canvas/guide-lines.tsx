"use client";

import { ViewportPortal } from "@xyflow/react";
import { useGesture } from "./editor-context";

/** With what the dragged box lines up, one pixel wide however far out the view is. */
export function GuideLines() {
  const guides = useGesture((state) => state.guides);
  if (guides.length === 0) return null;
  return (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={`${axis}${at}`}
          data-guide={axis}
          aria-hidden
          className={`pointer-events-none absolute z-20 border-accent ${axis === "x" ? "border-l" : "border-t"} border-dashed`}
          style={axis === "x"
            ? { transform: `translate(${at}px, ${from}px)`, height: to - from, borderWidth: "0 0 0 calc(1.5px * var(--legible, 1))" }
            : { transform: `translate(${from}px, ${at}px)`, width: to - from, borderWidth: "calc(1.5px * var(--legible, 1)) 0 0 0" }}
        />
      ))}
    </ViewportPortal>
  );
}
