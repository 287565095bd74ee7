import { publicAddressOf } from "@vpclab/shared/plan/public-addresses";
import { readDisagreement } from "./disagreement";
import type { Ground } from "./ground";
import { measureFlows, promiseFor } from "./measure";
import { appliedTopology } from "./place";
import { TOPOLOGY_ID } from "./prove-topology";

/** Runs a disagreement's file again and says what the drawing promises, hop by hop, and what was measured. Whether they agree. */
export async function replay(ground: Ground, path: string, say: (text: string) => void): Promise<boolean> {
  const { complaint, flow, topology, before, publicPool } = readDisagreement(path);
  say(`then: ${complaint}`);
  const engine = await ground.engine("replay", { publicPool });
  if (before) await engine.apply(TOPOLOGY_ID, "default", before);
  const { publicAddresses } = await engine.apply(TOPOLOGY_ID, "default", topology);
  if (!flow) {
    say("It was applied; this fault is not about one flow. Run the command that found it:");
    await engine.apply(TOPOLOGY_ID, "default", null);
    return false;
  }
  const applied = appliedTopology("default", topology, publicAddresses, publicPool);
  const { decision, there, back, why, reachable } = promiseFor(flow, applied);
  const end = (one: typeof flow.source): string => {
    if ("internet" in one) return "the internet";
    const address = publicAddressOf(topology, publicAddresses, one.instanceId);
    return `${one.instanceId} (${applied.index.instanceById.get(one.instanceId)?.address}${address ? `, ${address}` : ""})`;
  };
  say(`${end(flow.source)} → ${end(flow.destination)}, ${flow.protocol} ${flow.port ?? ""} from port ${flow.sourcePort}, ${publicPool ? "with" : "without"} a pool`);
  say(`promised: ${reachable ? "reachable" : "not reachable"}. ${why}\n  decided by ${decision.code} ${decision.objectId ?? ""} ${decision.rule ?? ""}`);
  for (const [way, hops] of [["there", there], ["back", back]] as const) {
    for (const hop of hops) say(`  ${way}: ${hop.verdict === "pass" ? "✓" : "✗"} ${hop.label}: ${hop.note}`);
  }
  const { findings } = await measureFlows(applied, [flow], []);
  say(`now: ${findings[0]?.complaint ?? "they agree"}`);
  await engine.apply(TOPOLOGY_ID, "default", null);
  return findings.length === 0;
}
