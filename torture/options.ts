import { parseArgs } from "node:util";
import { freshSeed, wholeNumber } from "../prove/options";

export interface TortureOptions {
  /** How often an engine is killed at a counted side effect. */
  readonly kills: number;
  /** How often a whole agent is killed at a random time. */
  readonly agentKills: number;
  /** How many schedules of saves, applies and teardowns go over a way that drops, repeats and cuts off. */
  readonly schedules: number;
  readonly seed: number;
}

/** `--kills 200 --agent-kills 20 --schedules 100 --seed 7`; with `--schedules` alone nothing is killed. Throws with a sentence for a person. */
export function parseTortureOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { kills: { type: "string" }, "agent-kills": { type: "string" }, schedules: { type: "string" }, seed: { type: "string" } },
  });
  const schedulesOnly = values.schedules !== undefined && values.kills === undefined && values["agent-kills"] === undefined;
  const number = (name: "kills" | "agent-kills" | "schedules", otherwise: number): number => {
    const text = values[name];
    return text === undefined ? otherwise : wholeNumber(name, text);
  };
  return {
    kills: number("kills", schedulesOnly ? 0 : 300),
    agentKills: number("agent-kills", schedulesOnly ? 0 : 20),
    schedules: number("schedules", 50),
    seed: values.seed === undefined ? freshSeed() : wholeNumber("seed", values.seed),
  };
}
