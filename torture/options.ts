import { parseArgs } from "node:util";
import { freshSeed, wholeNumber } from "../prove/options";

export interface TortureOptions {
  /** How often an engine is killed at a counted side effect. */
  readonly kills: number;
  /** How often a whole agent is killed at a random time. */
  readonly agentKills: number;
  readonly seed: number;
}

/** `--kills 200 --agent-kills 20 --seed 7`. Throws with a sentence for a person. */
export function parseTortureOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { kills: { type: "string", default: "300" }, "agent-kills": { type: "string", default: "20" }, seed: { type: "string" } },
  });
  return {
    kills: wholeNumber("kills", values.kills),
    agentKills: wholeNumber("agent-kills", values["agent-kills"]),
    seed: values.seed === undefined ? freshSeed() : wholeNumber("seed", values.seed),
  };
}
