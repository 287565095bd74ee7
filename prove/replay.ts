import { publicAddressOf } from "@vpclab/shared/plan/public-addresses";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { KnownFlow } from "./choose-flows";
import { readDisagreement } from "./disagreement";
import { type Engine, NotInPlace } from "./engine";
import type { Ground } from "./ground";
import { askAgain, promiseFor } from "./measure";
import { type Applied, appliedTopology } from "./place";
import { TOPOLOGY_ID } from "./prove-topology";

type Say = (text: string) => void;

/**
 * Runs a disagreement's file again and says what the drawing promises, hop by hop, and what was measured. Whether they agree.
 * With `hold`, what was applied stays until it is resolved, to be looked at.
 */
export async function replay(ground: Ground, path: string, say: Say, hold: () => Promise<void> = () => Promise.resolve()): Promise<boolean> {
  const { complaint, question, topology, before, publicPool, found } = readDisagreement(path);
  say(`found by: ${found}\nthen: ${complaint}`);
  const engine = await ground.engine("replay", { publicPool });
  if (before) await engine.apply(TOPOLOGY_ID, "default", before);
  const { publicAddresses, problem } = await attempt(engine, topology);
  const applied = appliedTopology("default", topology, publicAddresses, publicPool);
  if (question && "flow" in question) tellPromise(question.flow, applied, say);
  const now = problem ?? (question && (await askAgain(applied, question)));
  say(question ? `now: ${now ?? "they agree"}` : "This fault is about a run of changes: run the command that found it.");
  await hold();
  await ground.takeDown(engine, TOPOLOGY_ID);
  return question !== null && now === null;
}

async function attempt(engine: Engine, topology: Topology): Promise<{ publicAddresses: Readonly<Record<string, string>>; problem: string | null }> {
  try {
    return { ...(await engine.apply(TOPOLOGY_ID, "default", topology)), problem: null };
  } catch (error) {
    if (error instanceof NotInPlace) return { publicAddresses: {}, problem: error.message };
    throw error;
  }
}

function tellPromise(flow: KnownFlow, applied: Applied, say: Say): void {
  const { decision, there, back, why, reachable } = promiseFor(flow, applied);
  const end = (one: KnownFlow["source"]): string => {
    if ("internet" in one) return "the internet";
    const address = publicAddressOf(applied.document, applied.publicAddresses, one.instanceId);
    return `${one.instanceId} (${applied.index.instanceById.get(one.instanceId)?.address}${address ? `, ${address}` : ""})`;
  };
  say(`${end(flow.source)} → ${end(flow.destination)}, ${flow.protocol} ${flow.port ?? ""} from port ${flow.sourcePort}, ${applied.publicPool ? "with" : "without"} a pool`);
  say(`promised: ${reachable ? "reachable" : "not reachable"}. ${why}\n  decided by ${decision.code} ${decision.objectId ?? ""} ${decision.rule ?? ""}`);
  for (const [way, hops] of [["there", there], ["back", back]] as const) {
    for (const hop of hops) say(`  ${way}: ${hop.verdict === "pass" ? "✓" : "✗"} ${hop.label}: ${hop.note}`);
  }
}
