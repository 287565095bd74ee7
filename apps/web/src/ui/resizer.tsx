"use client";

import type { PointerEvent } from "react";

interface ResizerProps {
  /** What it resizes, for the screen reader. */
  readonly label: string;
  readonly direction: "horizontal" | "vertical";
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly onSize: (size: number) => void;
}

const KEY_STEP = 16;

/** The line between two panels: dragged, or moved by the arrow keys. The panel after it (right, below) changes its size. */
export function Resizer({ label, direction, size, min, max, onSize }: ResizerProps) {
  const horizontal = direction === "horizontal";
  const bounded = (value: number) => Math.round(Math.max(min, Math.min(max, value)));
  const start = (down: PointerEvent<HTMLDivElement>) => {
    const from = horizontal ? down.clientX : down.clientY;
    down.currentTarget.setPointerCapture(down.pointerId);
    const target = down.currentTarget;
    const move = (event: globalThis.PointerEvent) => onSize(bounded(size + from - (horizontal ? event.clientX : event.clientY)));
    const stop = () => {
      target.removeEventListener("pointermove", move);
      target.removeEventListener("lostpointercapture", stop);
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("lostpointercapture", stop);
  };
  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation={horizontal ? "vertical" : "horizontal"}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={start}
      onKeyDown={(event) => {
        const grow = horizontal ? "ArrowLeft" : "ArrowUp";
        const shrink = horizontal ? "ArrowRight" : "ArrowDown";
        if (event.key !== grow && event.key !== shrink) return;
        event.preventDefault();
        onSize(bounded(size + (event.key === grow ? KEY_STEP : -KEY_STEP)));
      }}
      className={`group relative z-10 shrink-0 touch-none bg-line transition-colors duration-100 hover:bg-accent focus-visible:bg-accent ${horizontal ? "w-px cursor-col-resize" : "h-px cursor-row-resize"}`}
    >
      <span aria-hidden className={`absolute ${horizontal ? "inset-y-0 -left-1 w-2" : "inset-x-0 -top-1 h-2"}`} />
    </div>
  );
}
