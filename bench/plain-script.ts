import { spawnSync } from "node:child_process";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { ipLine } from "@vpclab/shared/plan/render-ip";
import { nftScript } from "@vpclab/shared/plan/render-nft";
import type { Step } from "@vpclab/shared/plan/step";

/**
 * What a script does that was written by hand: the same changes in the same order, one process for each, waiting for each.
 * It plans nothing and checks nothing afterwards, so the comparison flatters it.
 */
export function runPlainScript(steps: readonly Step[]): void {
  for (const step of steps) {
    const { argv, stdin } = commandFor(step);
    const [file, ...args] = argv;
    if (file === undefined) throw new Error("an empty command");
    const { status, stderr } = spawnSync(file, args, { encoding: "utf8", ...(stdin === undefined ? {} : { input: stdin }) });
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  }
}

interface PlainCommand {
  readonly argv: readonly string[];
  readonly stdin?: string;
}

function commandFor(step: Step): PlainCommand {
  const onHost = step.namespace === HOST_NAMESPACE;
  const inside = onHost ? [] : ["ip", "netns", "exec", step.namespace];
  const line = ipLine(step, (namespace) => (namespace === HOST_NAMESPACE ? "1" : namespace));
  if (line !== null) return { argv: ["ip", ...(onHost ? [] : ["-n", step.namespace]), ...line.split(" ")] };
  switch (step.action) {
    case "netns-add": return { argv: ["ip", "netns", "add", step.namespace] };
    case "netns-delete": return { argv: ["ip", "netns", "delete", step.namespace] };
    case "sysctl-set": return { argv: [...inside, "sysctl", "-qw", `${step.key}=${step.value}`] };
    case "nft-replace": return { argv: [...inside, "nft", "-f", "-"], stdin: nftScript(step.table) };
    case "nft-delete": return { argv: [...inside, "nft", "delete", "table", "inet", "vpclab"] };
    default: throw new Error(`the plain script has no command for ${step.action}`);
  }
}
