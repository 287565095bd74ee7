const FIRST_MS = 500;
const CEILING_MS = 30_000;
/** A server on this machine has one agent to mind, and its restart should be over before anybody looks. */
const LOCAL_CEILING_MS = 2_000;

/**
 * Full jitter (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter): a random share of a ceiling that doubles
 * with each attempt, so that many agents do not come back at once. `attempt` is 0 for the first try after a loss; `local` is a server behind a unix socket.
 */
export function reconnectDelayMs(attempt: number, random: () => number, local = false): number {
  return Math.round(random() * Math.min(local ? LOCAL_CEILING_MS : CEILING_MS, FIRST_MS * 2 ** Math.min(attempt, 10)));
}
