import type { Deployment, JobFailure } from "@vpclab/shared/wire/live";
import { returnedText } from "@vpclab/shared/wire/returned";
import type { HostRow } from "../store/host-store";

/**
 * Longer than the agent needs to notice a connection that leads nowhere any more (44 s) and to make a new one. An apply that is right
 * is confirmed within milliseconds, so nobody waits for this.
 */
const CONFIRM_SECONDS = 60;

/**
 * How long a host may wait for this server after an apply before it goes back; 0: what was applied stays. Unless somebody has chosen: on for distant machines whose
 * own network an apply can touch, where nobody could repair it from here. Off in sandboxes, which have no way of cutting their agent off,
 * and beside the server, which an apply does not cut off from itself: there a server that restarts would undo what a person has just done.
 */
export const standardConfirmSeconds = ({ mode, local }: Pick<HostRow, "mode" | "local">): number => (mode === "host" && !local ? CONFIRM_SECONDS : 0);

/** Why an apply is not in place although its host had carried it out; null: it did not go back. */
export const failureOfReturn = ({ revision, returned }: Deployment): JobFailure | null =>
  returned ? { code: "NOT_CONFIRMED", message: returnedText(revision, returned) } : null;
