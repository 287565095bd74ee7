import type { ObjectState } from "@vpclab/shared/wire/live";

/** The states of an object on its host, for the eye and for the screen reader. */
export const STATE_WORDS: Readonly<Record<ObjectState, string>> = {
  absent: "not applied",
  pending: "pending",
  applying: "applying",
  "in-place": "in place",
  failed: "failed",
  drifted: "drifted",
};
