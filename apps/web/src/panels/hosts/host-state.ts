import type { HostDetails } from "@vpclab/shared/wire/api";
import type { ObjectState } from "@vpclab/shared/wire/live";

/** A host's state as the page shows it: the same shapes and colours as everywhere. */
export interface ShownState {
  readonly mark: ObjectState;
  readonly words: string;
}

const STATES = {
  pending: { mark: "pending", words: "waits for approval" },
  locked: { mark: "failed", words: "locked" },
  revoked: { mark: "absent", words: "revoked" },
} as const;

export function shownState({ state, online }: Pick<HostDetails, "state" | "online">): ShownState {
  if (state !== "approved") return STATES[state];
  return online ? { mark: "in-place", words: "online" } : { mark: "absent", words: "offline" };
}
