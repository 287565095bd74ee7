import { parseArgs } from "node:util";
import { freshSeed, wholeNumber } from "../prove/options";

export interface HostileOptions {
  /** Jobs in all. */
  readonly jobs: number;
  /** How many of them are sent to an agent on the real kernel. */
  readonly kernelJobs: number;
  /** How many are sent to the agent as a process, whose memory is measured. */
  readonly agentJobs: number;
  /** How many changed copies of a signed frame are tried beside. */
  readonly mutations: number;
  readonly seed: number;
}

/** `--jobs 100000 --kernel-jobs 500 --agent-jobs 2000 --mutations 1000000 --seed 7`. Throws with a sentence for a person. */
export function parseHostileOptions(args: readonly string[]): HostileOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { jobs: { type: "string", default: "100000" }, "kernel-jobs": { type: "string", default: "500" }, "agent-jobs": { type: "string", default: "2000" }, mutations: { type: "string", default: "1000000" }, seed: { type: "string" } },
  });
  const jobs = wholeNumber("jobs", values.jobs);
  return {
    jobs, kernelJobs: Math.min(jobs, wholeNumber("kernel-jobs", values["kernel-jobs"])),
    agentJobs: Math.min(jobs, wholeNumber("agent-jobs", values["agent-jobs"])),
    mutations: wholeNumber("mutations", values.mutations),
    seed: values.seed === undefined ? freshSeed() : wholeNumber("seed", values.seed),
  };
}
