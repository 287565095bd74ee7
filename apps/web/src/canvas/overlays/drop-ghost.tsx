"use client";

import clsx from "clsx";
import { useStore as useFlowStore } from "@xyflow/react";
import { sizeOfNew } from "../gestures/drop-object";
import { useGesture } from "../state/editor-context";
import { PALETTE_WORDS } from "../gestures/palette-item";

/** What is being dragged from the palette, at its size on the canvas, and why it cannot be dropped here. */
export function DropGhost() {
  const item = useGesture(({ dragged }) => dragged);
  const pointer = useGesture((state) => state.pointer);
  const zoom = useFlowStore((state) => state.transform[2]);
  const ok = useGesture(({ hint }) => hint?.ok ?? null);
  if (!item || item === "peering") return null;
  const { width, height } = sizeOfNew(item);
  return (
    <div
      aria-hidden
      className={clsx(
        "pointer-events-none fixed z-30 rounded-box border-2 border-dashed opacity-70",
        ok === false ? "border-bad bg-bad-soft" : "border-accent bg-accent-soft",
      )}
      style={{ left: pointer.x - (width * zoom) / 2, top: pointer.y - 24 * zoom, width: width * zoom, height: height * zoom }}
    >
      <span className="absolute top-1 left-2 truncate text-xs font-medium">{PALETTE_WORDS[item].label}</span>
    </div>
  );
}
