import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JoinCount } from "./join-verdict";
import { joinVerdict } from "./join-verdict";

const START: JoinCount = { joinSeq: 0, joinOffer: 0, joinReset: false };
/** How far a connection comes before one side is killed or the line is cut. */
const STEPS = ["offered", "kept", "confirmed"] as const;
type Step = (typeof STEPS)[number];

/** Server and the agents that share one identity; each has its own `kept`. */
class Model {
  server = START;
  locked = false;

  /** One connection of an agent that has kept `kept`; answers what it has kept then. */
  connect(kept: number, step: Step): number {
    if (this.locked) return kept;
    const next = joinVerdict(this.server, kept);
    if (!next) return ((this.locked = true), kept);
    this.server = next;
    if (step === "offered") return kept;
    if (step === "confirmed") this.server = { ...next, joinSeq: next.joinOffer };
    return next.joinOffer;
  }
}

describe("the count of connections", () => {
  it("never locks an agent that is alone, wherever it or the server is killed", () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 60 }), (steps) => {
      const model = new Model();
      let kept = 0;
      for (const step of steps) {
        kept = model.connect(kept, step);
        expect(model.locked).toBe(false);
      }
    }), { numRuns: 2000 });
  });

  it("locks two agents with the same state at the latest when both have spoken and the one that spoke first comes back", () => {
    const steps = fc.array(fc.constantFrom(...STEPS), { maxLength: 20 });
    fc.assert(fc.property(steps, steps, steps, fc.boolean(), (before, between, after, originalFirst) => {
      const model = new Model();
      let original = 0;
      for (const step of before) original = model.connect(original, step);
      let copy = original;
      // The two go on in any order, crashes and all; then each has had its say, and the first one comes again.
      for (const step of between) original = model.connect(original, step);
      for (const step of after) copy = model.connect(copy, step);
      const turns = originalFirst ? ["original", "copy", "original"] : ["copy", "original", "copy"];
      for (const who of turns) {
        if (who === "original") original = model.connect(original, "confirmed");
        else copy = model.connect(copy, "confirmed");
      }
      expect(model.locked).toBe(true);
    }), { numRuns: 5000 });
  });

  it("locks a number that was never offered, below or above", () => {
    const now: JoinCount = { joinSeq: 7, joinOffer: 9, joinReset: false };
    expect([0, 6, 7, 8, 9, 10, 2_000_000_000].filter((claimed) => joinVerdict(now, claimed) !== null)).toEqual([7, 9]);
  });

  it("takes any number once after an administrator's click, and goes on above it", () => {
    for (const claimed of [0, 3, 500]) {
      const next = joinVerdict({ joinSeq: 7, joinOffer: 9, joinReset: true }, claimed);
      expect(next).toEqual({ joinSeq: claimed, joinOffer: Math.max(9, claimed) + 1, joinReset: false });
      expect(joinVerdict(next!, claimed === 500 ? 7 : 500)).toBeNull();
    }
  });
});
