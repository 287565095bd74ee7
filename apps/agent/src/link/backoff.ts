const FIRST_MS = 500;
const CEILING_MS = 30_000;

/**
 * Full jitter (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter): a random share of a ceiling that doubles
 * with each attempt, so that many agents do not come back at once. `attempt` is 0 for the first try after a loss.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(CEILING_MS, FIRST_MS * 2 ** Math.min(attempt, 10)));
}
