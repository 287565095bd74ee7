"use client";

import { returnedText } from "@vpclab/shared/wire/returned";
import { Undo2 } from "lucide-react";
import { useLive } from "../canvas/state/editor-context";

/** The host has taken the last apply back by itself; the drawing still is what was asked for. */
export function ReturnedNotice() {
  const { revision, returned } = useLive((live) => live.deployment);
  if (!returned) return null;
  return (
    <div role="alert" className="flex items-center gap-3 border-b border-line bg-warn-soft px-4 py-2 text-sm text-warn">
      <Undo2 aria-hidden className="size-4 shrink-0" />
      <span className="flex-1">
        {returnedText(revision, returned)} The drawing is unchanged. Correct what cuts the host off, then press Apply; if only the server was away, press Apply.
      </span>
    </div>
  );
}
