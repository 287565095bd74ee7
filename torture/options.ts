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
  readonly seed: number;
}

/** `--kills 200 --agent-kills 20 --schedules 100 --server-kills 20 --seed 7`; where the last two stand alone, nothing else is tried. Throws with a sentence for a person. */
export function parseTortureOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { kills: { type: "string" }, "agent-kills": { type: "string" }, schedules: { type: "string" }, "server-kills": { type: "string" }, seed: { type: "string" } },
  });
  const wayOnly = (values.schedules ?? values["server-kills"]) !== undefined && (values.kills ?? values["agent-kills"]) === undefined;
  const number = (name: "kills" | "agent-kills" | "schedules" | "server-kills", otherwise: number): number => {
    const text = values[name];
    return text === undefined ? otherwise : wholeNumber(name, text);
  };
  return {
    kills: number("kills", wayOnly ? 0 : 300),
    agentKills: number("agent-kills", wayOnly ? 0 : 20),
    schedules: number("schedules", wayOnly ? 0 : 50),
    serverKills: number("server-kills", wayOnly ? 0 : 20),
    seed: values.seed === undefined ? freshSeed() : wholeNumber("seed", values.seed),
  };
}
