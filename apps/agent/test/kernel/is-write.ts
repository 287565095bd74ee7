import type { Command } from "../../src/host/command-runner";

const READS = [
  /^netns exec \S+ ip -N -d -j -batch \S+$/,
  /^netns exec \S+ ip -N -d -j address show$/,
  /^netns exec \S+ sysctl -e (?!.*=)[^"]+$/,
  /^netns exec \S+ nft -j list table inet vpclab$/,
];

/** Whether a command of the agent could change the kernel: everything that is not known to be a question. */
export function isWrite({ file, args, stdin }: Command): boolean {
  if (file !== "ip" || args.join(" ") !== "-batch -" || stdin === undefined) return true;
  return stdin.split("\n").some((line) => line !== "" && !READS.some((read) => read.test(line)));
}
