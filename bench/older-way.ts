import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { commandOf } from "@vpclab/shared/plan/render";
import { nftDeleteScript } from "@vpclab/shared/plan/render-nft";
import type { Step } from "@vpclab/shared/plan/step";

/**
 * The tools before: a shell script with one process for each command, in the order of the plan. It plans nothing, checks
 * nothing and remembers nothing, so the comparison flatters it.
 */
export function shellScript(steps: readonly Step[], path: string): () => void {
  writeFileSync(path, `set -e\n{\n${steps.map((step) => commandOf(step, { hostNetns: null })).join("\n")}\n} > ${path}.out\n`);
  return () => runShell(path);
}

/** The least that takes everything away again: one `ip -batch` for namespaces and the host's links, one `nft -f`. */
export function batchedRemoval(steps: readonly Step[], directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const netns = steps.flatMap((step) => (step.action === "netns-delete" ? [`netns delete ${step.namespace}`] : []));
  const tables = steps.flatMap((step) => (step.action === "nft-delete" && step.namespace === HOST_NAMESPACE ? [nftDeleteScript(step.table)] : []));
  writeFileSync(join(directory, "remove.ip"), `${netns.join("\n")}\n`);
  writeFileSync(join(directory, "remove.nft"), tables.join("\n"));
  writeFileSync(join(directory, "remove.sh"), `set -e\nip -batch ${join(directory, "remove.ip")}\nnft -f ${join(directory, "remove.nft")}\n`);
  return () => runShell(join(directory, "remove.sh"));
}

function runShell(path: string): void {
  const { status, stderr } = spawnSync("sh", [path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${path} failed: ${stderr}`);
}
