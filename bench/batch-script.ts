import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { ipLine } from "@vpclab/shared/plan/render-ip";
import { nftScript } from "@vpclab/shared/plan/render-nft";
import type { Step } from "@vpclab/shared/plan/step";

/**
 * What somebody writes by hand who knows that processes are what costs: one `ip -batch` for all namespaces, then for each
 * one `sysctl`, one `nft -f` and one `ip -batch`, in a shell script. It plans nothing, checks nothing and comes ready made,
 * so the comparison flatters it. Only for a first apply: of steps that make things.
 */
export class BatchScript {
  readonly #path: string;

  constructor(steps: readonly Step[], directory: string) {
    mkdirSync(directory, { recursive: true });
    const file = (name: string, lines: readonly string[]): string => {
      const path = join(directory, name);
      writeFileSync(path, `${lines.join("\n")}\n`);
      return path;
    };
    const added = steps.flatMap((step) => (step.action === "netns-add" ? [`netns add ${step.namespace}`] : []));
    const lines = ["set -e", `ip -batch ${file("namespaces", added)}`];
    for (const namespace of inOrder(steps)) {
      const own = steps.filter((step) => step.namespace === namespace);
      const onHost = namespace === HOST_NAMESPACE;
      const inside = onHost ? "" : `ip netns exec ${namespace} `;
      const sysctls = own.flatMap((step) => (step.action === "sysctl-set" ? [`'${step.key}=${step.value}'`] : []));
      const rules = own.flatMap((step) => (step.action === "nft-replace" ? [nftScript(step.table)] : []));
      const links = own.flatMap((step) => ipLine(step, (peer) => (peer === HOST_NAMESPACE ? "1" : peer)) ?? []);
      const settings = sysctls.length > 0 ? [`${inside}sysctl -qw ${sysctls.join(" ")}`] : [];
      const filter = rules.length > 0 ? [`${inside}nft -f ${file(`${namespace}.nft`, rules)}`] : [];
      const network = links.length > 0 ? [`ip ${onHost ? "" : `-n ${namespace} `}-batch ${file(`${namespace}.ip`, links)}`] : [];
      // The host's settings are those of links, which have to be there; a namespace's are defaults that links inherit.
      lines.push(...(onHost ? [...network, ...settings, ...filter] : [...settings, ...filter, ...network]));
    }
    this.#path = file("script.sh", lines);
  }

  run(): void {
    const { status, stderr } = spawnSync("sh", [this.#path], { encoding: "utf8" });
    if (status !== 0) throw new Error(`the batch script failed: ${stderr}`);
  }
}

/** A namespace comes after those that make links into it: the host, routers (of a peering the one that makes it), then instances. */
function inOrder(steps: readonly Step[]): string[] {
  const order = new Set<string>();
  const makersOf = (namespace: string) => steps.flatMap((step) => (step.action === "veth-add" && step.peer.namespace === namespace ? [step.namespace] : []));
  const add = (namespace: string, waiting: readonly string[]): void => {
    if (order.has(namespace) || waiting.includes(namespace)) return;
    for (const maker of makersOf(namespace)) add(maker, [...waiting, namespace]);
    order.add(namespace);
  };
  for (const { namespace } of steps) add(namespace, []);
  return [...order];
}
