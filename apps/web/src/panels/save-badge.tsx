"use client";

import { Check, CloudOff, LoaderCircle, TriangleAlert } from "lucide-react";
import { useEditorState } from "../canvas/state/editor-context";

/** Whether the server has everything. The network shows itself only when it fails. */
export function SaveBadge() {
  const save = useEditorState((state) => state.save);
  const conflict = useEditorState((state) => state.conflict !== null);
  if (conflict) return <Badge tone="text-warn" icon={<TriangleAlert className="size-3.5" />} text="Conflict" title="Somebody else changed the same; decide in the panel beside the canvas" />;
  switch (save.kind) {
    case "saved": return <Badge tone="text-muted" icon={<Check className="size-3.5 text-ok" />} text="Saved" />;
    case "waiting":
    case "saving": return <Badge tone="text-muted" icon={<LoaderCircle className="size-3.5" />} text="Saving" />;
    case "offline": return <Badge tone="text-warn" icon={<CloudOff className="size-3.5" />} text="Offline" title={`${save.message} Your changes are kept here and saved when it answers again.`} />;
    case "refused": return <Badge tone="text-bad" icon={<TriangleAlert className="size-3.5" />} text="Not saved" title={save.message} />;
  }
}

interface BadgeProps {
  readonly tone: string;
  readonly icon: React.ReactNode;
  readonly text: string;
  readonly title?: string;
}

const Badge = ({ tone, icon, text, title }: BadgeProps) => (
  <span role="status" aria-label="Save state" title={title} className={`flex w-20 items-center gap-1.5 text-xs ${tone}`}>
    {icon}
    {text}
  </span>
);
