import type { Topology } from "@vpclab/shared/topology/topology";
import { type Disagreement, writeDisagreement } from "./disagreement";
import { NotInPlace } from "./engine";
import type { Ground } from "./ground";
import { askAgain, type Question } from "./measure";
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
  const { question, complaint, publicPool } = fault;
  // Most faults show on a fresh apply, too; then what was applied before does not matter.
  const shows = question !== null && minimise && (await complaintOn(ground, fault.document, question, publicPool)) !== null;
  const topology = shows ? await smallestFor(ground, fault.document, question, publicPool) : fault.document;
  const disagreement: Disagreement = { complaint, found, publicPool, question, topology, before: shows ? null : fault.before };
  const path = writeDisagreement(folder, `seed-${seed}-${reported}`, disagreement);
  return `seed ${seed}: ${question && "flow" in question ? `${JSON.stringify(question.flow)}: ` : ""}${complaint}\n  npm run prove -- --replay ${path}`;
}

const smallestFor = (ground: Ground, document: Topology, question: Question, publicPool: boolean): Promise<Topology> =>
  smallest(document, endsOf(question), async (smaller) => (await complaintOn(ground, smaller, question, publicPool)) !== null);

/** Objects without which the question cannot be asked. A forbidden packet's are not named: it shows when they are gone. */
const endsOf = (question: Question): ReadonlySet<string> =>
  new Set("flow" in question ? [question.flow.source, question.flow.destination].flatMap((end) => ("internet" in end ? [] : [end.instanceId])) : []);

/** Applies the document on empty ground, asks, and takes it down again; null: they agree, or it cannot be asked. */
async function complaintOn(ground: Ground, document: Topology, question: Question, publicPool: boolean): Promise<string | null> {
  const there = new Set(document.instances.map(({ id }) => id));
  if ([...endsOf(question)].some((id) => !there.has(id))) return null;
  const engine = await ground.engine("small", { publicPool });
  try {
    const { publicAddresses } = await engine.apply(TOPOLOGY_ID, "default", document);
    return await askAgain(appliedTopology("default", document, publicAddresses, publicPool), question);
  } catch (error) {
    if (error instanceof NotInPlace) return "inPlace" in question ? error.message : null;
    // One of the two places is gone from the drawing.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "EADDRNOTAVAIL") return null;
    throw error;
  } finally {
    await ground.takeDown(engine, TOPOLOGY_ID);
    ground.forgetEngine("small");
  }
}
