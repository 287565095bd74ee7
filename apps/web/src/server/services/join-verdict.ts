/** What the server knows of a host's count of connections. */
export interface JoinCount {
  /** The last number that the agent is known to have kept. */
  readonly joinSeq: number;
  /** The last number that it was offered; at least `joinSeq`. */
  readonly joinOffer: number;
  /** An administrator has unlocked the host. */
  readonly joinReset: boolean;
}

/**
 * What becomes of the count when an agent says hello with the number `claimed`; null: this is a copy, or a state of the past.
 *
 * Each welcome offers a number that was never offered before. The agent keeps it (fsync) before it says anything, and its first word
 * tells the server that it has. Only that word moves `joinSeq`, because either side may be killed between any two steps:
 *
 *   killed before the agent has kept the offer    it comes with joinSeq
 *   killed after that, its first word got lost    it comes with joinOffer
 *
 * Both are what an honest agent may hold, and nothing else is: it has one connection at a time, and whoever comes with the offer
 * has kept it, so that the number before is one of the past from then on. Of two agents with the same state one goes on to the
 * next number with its first word, and the other comes with a number of the past: at the latest when it reconnects. One that takes
 * the welcome and never says a word is sent nothing. After a click of an administrator any number is taken, once, and the count
 * goes on above it, so that neither side has to enrol anew.
 */
export function joinVerdict({ joinSeq, joinOffer, joinReset }: JoinCount, claimed: number): JoinCount | null {
  if (joinReset) return { joinSeq: claimed, joinOffer: Math.max(joinOffer, claimed) + 1, joinReset: false };
  if (claimed !== joinSeq && claimed !== joinOffer) return null;
  return { joinSeq: claimed, joinOffer: joinOffer + 1, joinReset: false };
}
