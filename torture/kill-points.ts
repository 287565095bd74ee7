import type { Random } from "../prove/random";
import type { Moment } from "./effects";
import { type Scenario, SCENARIOS } from "./scenario";

export interface KillPoint {
  readonly scenario: Scenario;
  /** 1 is the scenario's first side effect. */
  readonly at: number;
  readonly moment: Moment;
  /** The restart after it is killed, too, at this side effect (if it has so many); null: it may go on. */
  readonly again: number | null;
}

const AGAIN_SHARE = 0.25;
/** A restart mends what is missing: mostly little. */
const AGAIN_MAX = 60;
const MOMENTS: readonly Moment[] = ["before", "inside", "after"];

/** So many different points, the scenarios in turn; all there are, where that is less. */
export function chooseKillPoints(effects: Readonly<Record<Scenario, number>>, count: number, random: Random): KillPoint[] {
  const piles = SCENARIOS.map((scenario) => random.shuffled(
    Array.from({ length: effects[scenario] }, (_, index) => MOMENTS.map((moment): KillPoint => ({
      scenario, at: index + 1, moment, again: random.chance(AGAIN_SHARE) ? 1 + random.below(AGAIN_MAX) : null,
    }))).flat(),
  ));
  const chosen: KillPoint[] = [];
  while (chosen.length < count && piles.some((pile) => pile.length > 0)) {
    for (const pile of piles) {
      const point = pile.pop();
      if (point && chosen.length < count) chosen.push(point);
    }
  }
  return chosen;
}
