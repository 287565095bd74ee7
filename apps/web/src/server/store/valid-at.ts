/** Clocks of well-kept machines differ by less. */
export const CLOCK_SLACK_MS = 5 * 60_000;

/**
 * The ends of what is valid at `now` and lives for `lifetimeMs` (milliseconds). One that lies further ahead was written while this
 * machine's clock was wrong: a day's error must not make a link of minutes one of a day.
 */
export const validAt = (now: Date, lifetimeMs: number): { readonly gt: Date; readonly lte: Date } =>
  ({ gt: now, lte: new Date(now.getTime() + lifetimeMs + CLOCK_SLACK_MS) });
