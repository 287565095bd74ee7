export interface Delays {
  /** Upper bound of the first delay. */
  readonly firstMs: number;
  readonly ceilingMs: number;
}
export const DELAYS: Delays = { firstMs: 1_000, ceilingMs: 60_000 };
/** A server on this machine has one agent to mind, and its restart should be over before anybody looks. */
export const LOCAL_DELAYS: Delays = { firstMs: 500, ceilingMs: 2_000 };

/**
 * Full jitter (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter): a random share of a ceiling that doubles
 * with each attempt, so that many agents do not come back at once. `attempt` is 0 for the first try after a loss.
 */
export const reconnectDelayMs = (attempt: number, random: () => number, { firstMs, ceilingMs }: Delays = DELAYS): number =>
  Math.round(random() * Math.min(ceilingMs, firstMs * 2 ** Math.min(attempt, 10)));
