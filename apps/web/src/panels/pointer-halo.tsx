"use client";

import { useEffect, useRef } from "react";

/** A ring around the pointer, for whoever looks at a projector. */
export function PointerHalo() {
  const ring = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onMove = ({ clientX, clientY }: PointerEvent) => {
      if (!ring.current) return;
      ring.current.style.transform = `translate(${clientX}px, ${clientY}px) translate(-50%, -50%)`;
      ring.current.style.opacity = "1";
    };
    window.addEventListener("pointermove", onMove);
    return () => window.removeEventListener("pointermove", onMove);
  }, []);
  return <div ref={ring} aria-hidden className="pointer-halo pointer-events-none fixed top-0 left-0 z-50 opacity-0" />;
}
