import { parseArgs } from "node:util";

export interface ProveOptions {
  readonly topologies: number;
  /** Random edits to each topology after its first apply. */
  readonly edits: number;
  readonly probes: number;
  readonly seed: number;
  /** A disagreement's file to run again instead. */
  readonly replay: string | null;
}

const SEED_LIMIT = 2 ** 31;

/** `--topologies 100 --seed 7 --edits 3 --probes 160`, or `--replay FILE`. Throws with a sentence for a person. */
export function parseProveOptions(args: readonly string[]): ProveOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      topologies: { type: "string", default: "100" }, seed: { type: "string" }, edits: { type: "string", default: "3" },
      probes: { type: "string", default: "160" }, replay: { type: "string" },
    },
  });
  return {
    topologies: wholeNumber("topologies", values.topologies), edits: wholeNumber("edits", values.edits),
    probes: wholeNumber("probes", values.probes),
    seed: values.seed === undefined ? freshSeed() : wholeNumber("seed", values.seed),
    replay: values.replay ?? null,
  };
}

export const freshSeed = (): number => Math.floor(Math.random() * SEED_LIMIT);

export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value >= SEED_LIMIT) throw new Error(`--${name} takes a whole number below ${SEED_LIMIT}, not “${text}”`);
  return value;
}

/** Options of the command line; says what is wrong with them and ends the process. */
export function optionsOrExit<T>(parse: (args: readonly string[]) => T): T {
  try {
    return parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
