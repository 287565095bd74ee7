import { publicAddressOf } from "@vpclab/shared/plan/public-addresses";
import type { KnownFlow } from "./choose-flows";
import { readDisagreement } from "./disagreement";
import { NotInPlace } from "./engine";
import type { Ground } from "./ground";
import { askAgain, promiseFor } from "./measure";
import { newParts } from "./parts";
import { type Applied, appliedParts } from "./place";

type Say = (text: string) => void;

/**
 * Runs a disagreement's file again and says what the drawing promises, hop by hop, and what was measured. Whether they agree.
 * With `hold`, what was applied stays until it is resolved, to be looked at.
 */
export async function replay(ground: Ground, path: string, say: Say, hold: () => Promise<void> = () => Promise.resolve()): Promise<boolean> {
  const { complaint, question, topologies, before, publicPool, found } = readDisagreement(path);
  const parts = newParts(topologies);
  say(`found by: ${found}\nthen: ${complaint}`);
  const engine = await ground.engine("replay", { publicPool });
  if (before) await ground.apply(engine, newParts(before));
  const { publicAddresses, problem } = await ground.apply(engine, parts).then((addresses) => ({ publicAddresses: addresses, problem: null }), (error: unknown) => {
    if (error instanceof NotInPlace) return { publicAddresses: {}, problem: error.message };
    throw error;
  });
  const applied = appliedParts(parts, publicAddresses, publicPool);
  if (question && "flow" in question) tellPromise(question.flow, applied, say);
  const now = problem ?? (question && (await askAgain(applied, question)));
  say(question ? `now: ${now ?? "they agree"}` : "This fault is about a run of changes: run the command that found it.");
  await hold();
  await ground.takeDown(engine, parts);
  return question !== null && now === null;
}

function tellPromise(flow: KnownFlow, applied: Applied, say: Say): void {
  const { decision, there, back, why, reachable } = promiseFor(flow, applied);
  const end = (one: KnownFlow["source"]): string => {
    if ("internet" in one) return "the internet";
    if ("host" in one) return "the host";
    const id = "instanceId" in one ? one.instanceId : one.publicAddressOf;
    const address = publicAddressOf(applied.document, applied.publicAddresses, id);
    const own = (applied.index.instanceById.get(id) ?? applied.index.natGatewayById.get(id))?.address;
    return `${"instanceId" in one ? "" : "the public address of "}${id} (${own}${address ? `, ${address}` : ""})`;
  };
  say(`${end(flow.source)} → ${end(flow.destination)}, ${flow.protocol} ${flow.port ?? ""} from port ${flow.sourcePort}, ${applied.publicPool ? "with" : "without"} a pool`);
  say(`promised: ${reachable ? "reachable" : "not reachable"}. ${why}\n  decided by ${decision.code} ${decision.objectId ?? ""} ${decision.rule ?? ""}`);
  for (const [way, hops] of [["there", there], ["back", back]] as const) {
    for (const hop of hops) say(`  ${way}: ${hop.verdict === "pass" ? "✓" : "✗"} ${hop.label}: ${hop.note}`);
  }
}
