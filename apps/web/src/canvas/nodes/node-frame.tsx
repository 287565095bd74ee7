import clsx from "clsx";
import type { ReactNode } from "react";
import { isOnPath } from "../state/gesture-store";
import { useGesture, useObjectState } from "../state/editor-context";

interface NodeFrameProps {
  readonly id: string;
  /** `kind:name`, stable for tests and for people who look at the page's source. */
  readonly object: string;
  readonly selected: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** What all drawn objects share: outline by state, selection, drop highlight with its reason, the lit path. */
export function NodeFrame({ id, object, selected, className, children }: NodeFrameProps) {
  const { state, reason } = useObjectState(id);
  const hint = useGesture(({ hint: current }) => (current?.targetId === id ? (current.ok ? "ok" : "bad") : null));
  const onPath = useGesture(({ path }) => (isOnPath(path, id) ? (path!.reached ? "reached" : "stopped") : null));
  return (
    <div data-object={object} data-state={state} data-id={id} title={reason} className={clsx("relative size-full rounded-box", className)}>
      <div className="state-ring pointer-events-none absolute inset-0 rounded-box" />
      {selected || onPath || hint ? (
        <div
          className={clsx(
            "chosen-ring pointer-events-none absolute -inset-0.5 rounded-[10px]",
            hint === "bad" ? "border-bad" : hint === "ok" ? "border-accent bg-accent-soft/40"
            : onPath === "reached" ? "border-ok" : onPath === "stopped" ? "border-text" : "border-accent",
          )}
        />
      ) : null}
      {children}
    </div>
  );
}
