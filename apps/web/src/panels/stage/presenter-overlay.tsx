"use client";

import { useReactFlow, ViewportPortal } from "@xyflow/react";
import { useEffect } from "react";
import { useStore } from "zustand";
import type { PresenterStore } from "./use-stage";

/** The presenter's pointer, large; and, while he is followed, what he sees is seen here. */
export function PresenterOverlay({ presenter, follow }: { readonly presenter: PresenterStore; readonly follow: boolean }) {
  const cursor = useStore(presenter, ({ now }) => now?.cursor ?? null);
  const view = useStore(presenter, ({ now }) => now?.view ?? null);
  const { fitBounds } = useReactFlow();
  useEffect(() => {
    if (follow && view) void fitBounds(view, { padding: 0 });
  }, [fitBounds, follow, view]);
  if (!cursor) return null;
  return (
    <ViewportPortal>
      <div aria-hidden data-presenter className="pointer-events-none absolute top-0 left-0 transition-transform duration-75 ease-linear motion-reduce:transition-none" style={{ transform: `translate(${cursor.x}px, ${cursor.y}px)`, zIndex: 20 }}>
        <div className="pointer-halo" style={{ transform: "translate(-50%, -50%) scale(var(--legible, 1))" }} />
      </div>
    </ViewportPortal>
  );
}
