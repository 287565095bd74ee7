import { Handle, Position } from "@xyflow/react";
import clsx from "clsx";
import { Globe } from "lucide-react";
import { memo } from "react";
import { isOnPath } from "../state/gesture-store";
import { useGesture } from "../state/editor-context";
import { INTERNET_ID } from "../scene/scene";

/** The internet, above everything. */
export const InternetNodeView = memo(function InternetNodeView() {
  const onPath = useGesture(({ path }) => (isOnPath(path, INTERNET_ID) ? (path!.reached ? "reached" : "stopped") : null));
  return (
    <div data-object="internet" className={clsx("flex size-full items-center justify-center gap-2 rounded-box border bg-raised", onPath === "reached" ? "border-2 border-ok" : onPath === "stopped" ? "border-2 border-text" : "border-line-strong")}>
      <Globe className="size-5 text-muted" aria-hidden />
      <span className="legible font-medium">Internet</span>
      <Handle type="target" position={Position.Bottom} isConnectable={false} className="hidden-handle" />
    </div>
  );
});
