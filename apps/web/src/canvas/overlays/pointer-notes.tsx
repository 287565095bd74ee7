"use client";

import { CircleAlert } from "lucide-react";
import { useEffect } from "react";
import { useEditor, useGesture } from "../state/editor-context";

const REFUSAL_MS = 6000;
const WIDTH_PX = 320;

/** Beside the pointer: while dragging why this place is wrong, after a refused drop why it was. */
export function PointerNotes() {
  const { gestures } = useEditor();
  const hint = useGesture((state) => state.hint);
  const pointer = useGesture((state) => state.pointer);
  const refusal = useGesture((state) => state.refusal);
  const peering = useGesture((state) => state.peering);

  useEffect(() => {
    if (!refusal) return;
    const timer = setTimeout(() => gestures.setState({ refusal: null }), REFUSAL_MS);
    return () => clearTimeout(timer);
  }, [refusal, gestures]);

  if (hint?.reason) return <Note x={pointer.x} y={pointer.y} text={hint.reason} bad />;
  if (refusal) return <Note key={refusal.key} x={refusal.at.x} y={refusal.at.y} text={refusal.reason} bad alert />;
  if (peering) return <Note x={pointer.x} y={pointer.y} text={peering.fromId ? "Now the other VPC" : "Click the first VPC"} />;
  return null;
}

interface NoteProps {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly bad?: boolean;
  readonly alert?: boolean;
}

function Note({ x, y, text, bad, alert }: NoteProps) {
  const left = Math.min(x + 16, window.innerWidth - WIDTH_PX - 8);
  return (
    <div
      role={alert ? "alert" : undefined}
      className={`pointer-events-none fixed z-40 flex items-start gap-2 rounded-box border px-2.5 py-1.5 text-sm shadow-lifted ${bad ? "border-bad bg-bad-soft text-bad" : "border-line bg-surface"}`}
      style={{ left, top: Math.min(y + 20, window.innerHeight - 72), maxWidth: WIDTH_PX }}
    >
      {bad ? <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden /> : null}
      {text}
    </div>
  );
}
