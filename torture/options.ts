import { parseArgs } from "node:util";
import { freshSeed, wholeNumber } from "../prove/options";

export interface TortureOptions {
  /** How often an engine is killed at a counted side effect. */
  readonly kills: number;
  /** How often a whole agent is killed at a random time. */
  readonly agentKills: number;
  /** How many schedules of saves, applies and teardowns go over a way that drops, repeats and cuts off. */
  readonly schedules: number;
  /** How often the server is killed with a job in flight. */
  readonly serverKills: number;
  /** How many save on one revision at once, and how often. */
  readonly writers: number;
  readonly rounds: number;
  readonly seed: number;
}

/** What each option is when no option is given. */
const DEFAULTS = { kills: 300, "agent-kills": 20, schedules: 50, "server-kills": 20, rounds: 20 } as const;
const KILLS = ["kills", "agent-kills"] as const;
const WRITERS = 100;

/**
 * `--kills 200 --agent-kills 20 --schedules 100 --server-kills 20 --writers 100 --rounds 1000 --seed 7`; where only some of
 * `--schedules`, `--server-kills` and `--rounds` (or `--writers`) are named, nothing else is tried. Throws with a sentence for a person.
 */
export function parseTortureOptions(args: readonly string[]): TortureOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args], options: { kills: text, "agent-kills": text, schedules: text, "server-kills": text, writers: text, rounds: text, seed: text },
  });
  const named = { ...values, rounds: values.rounds ?? (values.writers === undefined ? undefined : String(DEFAULTS.rounds)) };
  const isWayOnly = [named.schedules, named["server-kills"], named.rounds].some((value) => value !== undefined) && KILLS.every((name) => named[name] === undefined);
  const number = (name: keyof typeof DEFAULTS): number => {
    const value = named[name];
    return value !== undefined ? wholeNumber(name, value) : isWayOnly ? 0 : DEFAULTS[name];
  };
  return {
    kills: number("kills"), agentKills: number("agent-kills"), schedules: number("schedules"), serverKills: number("server-kills"), rounds: number("rounds"),
    writers: values.writers === undefined ? WRITERS : wholeNumber("writers", values.writers),
    seed: values.seed === undefined ? freshSeed() : wholeNumber("seed", values.seed),
  };
}
