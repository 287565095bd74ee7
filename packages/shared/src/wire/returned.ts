import type { Deployment, Returned } from "./live";

/** What became of an apply that its host took back by itself, in a sentence. */
export const returnedText = (revision: Deployment["revision"], { from, afterMs }: Returned): string =>
  `Returned to ${revision === 0 ? "nothing, as it was before the first apply" : `revision ${revision}`}, because the host could not reach the server within ${afterMs / 1000} s after revision ${from} was applied.`;
