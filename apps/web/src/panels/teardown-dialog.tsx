"use client";

import { useLive } from "../canvas/state/editor-context";
import { ConfirmDialog } from "../ui/dialog";
import { countInWords } from "../canvas/scene/object-counts";

interface TeardownDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** Before a tear down: what will go from the host, and that the drawing stays. */
export function TeardownDialog({ open, onClose, onConfirm }: TeardownDialogProps) {
  const objects = useLive((live) => live.deployment.objects);
  const host = useLive((live) => live.host?.name ?? "the host");
  const there = Object.keys(objects).filter((id) => objects[id]?.state !== "absent");
  return (
    <ConfirmDialog open={open} onClose={onClose} onConfirm={onConfirm} title={`Tear down on ${host}?`} action={`Tear down ${there.length} objects`}>
      <p>{`This removes ${countInWords(there)} from ${host}, with every process that runs in them.`}</p>
      <p className="mt-2">The drawing stays; Apply builds it again.</p>
    </ConfirmDialog>
  );
}
