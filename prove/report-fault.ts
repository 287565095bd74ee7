import type { Topology } from "@vpclab/shared/topology/topology";
import type { KnownFlow } from "./choose-flows";
import { type Disagreement, writeDisagreement } from "./disagreement";
import type { Ground } from "./ground";
import { measureFlows } from "./measure";
import type { ProveOptions } from "./options";
import { appliedTopology } from "./place";
import { TOPOLOGY_ID, type Fault } from "./prove-topology";
import { smallest } from "./smaller";

interface Report {
  readonly folder: string;
  readonly seed: number;
  readonly options: ProveOptions;
  readonly minimise: boolean;
}

let reported = 0;

/** Makes a fault as small as it goes, writes it to a file that replays, and answers with a line for a person. */
export async function reportFault(ground: Ground, fault: Fault, { folder, seed, options, minimise }: Report): Promise<string> {
  reported += 1;
  const found = `npm run prove -- --topologies 1 --seed ${seed} --edits ${options.edits} --probes ${options.probes}`;
  const { flow, complaint, publicPool } = fault;
  // A fault of one flow mostly shows on a fresh apply, too; then what was applied before does not matter.
  const fresh = flow && minimise ? await complaintOn(ground, fault.document, flow, publicPool) : null;
  const topology = flow && fresh !== null ? await smallestFor(ground, fault.document, flow, publicPool) : fault.document;
  const disagreement: Disagreement = { complaint, found, publicPool, flow, topology, before: fresh === null ? fault.before : null };
  const path = writeDisagreement(folder, `seed-${seed}-${reported}`, disagreement);
  return `seed ${seed}: ${flow ? `${JSON.stringify(flow)}: ` : ""}${complaint}\n  npm run prove -- --replay ${path}`;
}

const smallestFor = (ground: Ground, document: Topology, flow: KnownFlow, publicPool: boolean): Promise<Topology> => {
  const kept = new Set([flow.source, flow.destination].flatMap((end) => ("internet" in end ? [] : [end.instanceId])));
  return smallest(document, kept, async (smaller) => (await complaintOn(ground, smaller, flow, publicPool)) !== null);
};

/** Applies the document on empty ground, tries the flow, and takes it down again; null: they agree. */
async function complaintOn(ground: Ground, document: Topology, flow: KnownFlow, publicPool: boolean): Promise<string | null> {
  if ([flow.source, flow.destination].some((end) => !("internet" in end) && !document.instances.some(({ id }) => id === end.instanceId))) return null;
  const engine = await ground.engine("small", { publicPool });
  try {
    const { publicAddresses } = await engine.apply(TOPOLOGY_ID, "default", document);
    const { findings } = await measureFlows(appliedTopology("default", document, publicAddresses, publicPool), [flow], []);
    return findings[0]?.complaint ?? null;
  } finally {
    await engine.apply(TOPOLOGY_ID, "default", null);
    ground.forgetEngine("small");
  }
}
