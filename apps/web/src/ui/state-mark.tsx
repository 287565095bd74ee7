import clsx from "clsx";
import type { ObjectState } from "@vpclab/shared/wire/live";
import { STATE_WORDS } from "./state-words";

/** A state by shape and colour: hollow = not there, dashed = pending, ring that moves = applying, dot, cross, triangle. */
export function StateMark({ state, size = 12 }: { readonly state: ObjectState; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" role="img" aria-label={STATE_WORDS[state]} className={clsx("shrink-0", COLOURS[state])}>
      {state === "absent" && <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />}
      {state === "pending" && <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.2 2" />}
      {state === "applying" && (
        <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="12 14" className="origin-center animate-spin" />
      )}
      {state === "in-place" && <circle cx="6" cy="6" r="4" fill="currentColor" />}
      {state === "failed" && <path d="M2 2 L10 10 M10 2 L2 10" stroke="currentColor" strokeWidth="2.5" />}
      {state === "drifted" && <path d="M6 1.5 L11 10.5 L1 10.5 Z" fill="currentColor" />}
    </svg>
  );
}

const COLOURS: Record<ObjectState, string> = {
  absent: "text-muted", pending: "text-busy", applying: "text-busy", "in-place": "text-ok", failed: "text-bad", drifted: "text-warn",
};
