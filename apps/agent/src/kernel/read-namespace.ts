import type { Look } from "@vpclab/shared/plan/look";
import { z } from "zod";
import { reasonFrom } from "../host/command-error";
import type { CommandRunner } from "../host/command-runner";
import { inNamespace } from "../host/in-namespace";
import { NftContext } from "../host/libnftables";
import { lookUpNetns } from "../host/netns";
import { netnsNameOf } from "./place";

/** What a person at a shell would see of a namespace, or of the host; reads only. Where it is not there the text says so. */
export async function readNamespace(look: Look, runner: CommandRunner, hostNetns: string | null): Promise<string> {
  const netns = netnsNameOf(look.namespace, hostNetns);
  if (netns !== null && typeof lookUpNetns(netns) !== "number") return `The network namespace ${netns} is not there.\n`;
  if (look.tool === "nft") return runNft(netns, look.script, "text").output;
  const { exitCode, stdout, stderr } = await runner.tryRun({ file: "ip", args: [...(netns === null ? [] : ["-n", netns]), ...look.args] });
  return exitCode === 0 ? stdout : `${reasonFrom(stderr, "ip said nothing")}\n`;
}

const CountersSchema = z.object({
  nftables: z.array(z.looseObject({ counter: z.object({ name: z.string(), packets: z.number(), bytes: z.number() }).optional() })),
});

/** Named counters of our table in a namespace, those of `names` that are there. */
export function readCounters(namespace: string, names: readonly string[]): Record<string, { packets: number; bytes: number }> {
  if (names.length === 0 || typeof lookUpNetns(namespace) !== "number") return {};
  const { ok, output } = runNft(namespace, "list counters table inet vpclab", "counts");
  if (!ok) return {};
  const wanted = new Set(names);
  return Object.fromEntries(CountersSchema.parse(JSON.parse(output)).nftables.flatMap(({ counter }) =>
    (counter && wanted.has(counter.name) ? [[counter.name, { packets: counter.packets, bytes: counter.bytes }]] : [])));
}

function runNft(namespace: string | null, script: string, output: "text" | "counts"): { readonly ok: boolean; readonly output: string } {
  return inNamespace(namespace, () => {
    const context = new NftContext(output);
    try {
      const answer = context.run(script);
      return answer.ok ? { ok: true, output: answer.output } : { ok: false, output: `${reasonFrom(answer.error, "nft said nothing")}\n` };
    } finally {
      context.free();
    }
  });
}
