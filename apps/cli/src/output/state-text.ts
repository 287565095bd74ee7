import type { DeploymentState, ObjectState } from "@vpclab/shared/wire/live";
import type { Piece, Style } from "./text";

const SHOWN: Record<ObjectState | DeploymentState, readonly [string, Style | null]> = {
  absent: ["absent", "dim"],
  empty: ["nothing there", "dim"],
  pending: ["pending", "yellow"],
  applying: ["applying", "yellow"],
  "in-place": ["in place", "green"],
  failed: ["failed", "red"],
  drifted: ["drifted", "yellow"],
  stopped: ["cancelled half-way", "yellow"],
  unknown: ["unknown", "dim"],
};

/** A state in words with its colour. */
export function stateText(state: ObjectState | DeploymentState): Piece {
  const [text, style] = SHOWN[state];
  return { text, style };
}
