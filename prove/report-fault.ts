import { type Disagreement, writeDisagreement } from "./disagreement";
import { NotInPlace } from "./engine";
import type { Ground } from "./ground";
import { askAgain, type Question } from "./measure";
import type { ProveOptions } from "./options";
import { type Part, withDocument } from "./parts";
import { appliedParts } from "./place";
import type { Fault } from "./prove-topology";
import { drawnIdOf } from "./flow-packet";
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
  const shows = question !== null && minimise && (await complaintOn(ground, fault.parts, question, publicPool)) !== null;
  const parts = shows ? await smallestParts(ground, fault.parts, question, publicPool) : fault.parts;
  const disagreement: Disagreement = {
    complaint, found, publicPool, question,
    topologies: parts.map(({ document }) => document), before: shows ? null : (fault.before?.map(({ document }) => document) ?? null),
  };
  const path = writeDisagreement(folder, `seed-${seed}-${reported}`, disagreement);
  return `seed ${seed}: ${question && "flow" in question ? `${JSON.stringify(question.flow)}: ` : ""}${complaint}\n  npm run prove -- --replay ${path}`;
}

async function smallestParts(ground: Ground, parts: readonly Part[], question: Question, publicPool: boolean): Promise<readonly Part[]> {
  let best = parts;
  for (const [index, { document }] of parts.entries()) {
    const others = best;
    const smaller = await smallest(document, endsOf(question), async (candidate) =>
      (await complaintOn(ground, withDocument(others, index, candidate), question, publicPool)) !== null);
    best = withDocument(best, index, smaller);
  }
  return best;
}

/** Objects without which the question cannot be asked. A forbidden packet's are not named: it shows when they are gone. */
const endsOf = (question: Question): ReadonlySet<string> =>
  new Set("flow" in question ? [question.flow.source, question.flow.destination].flatMap((end) => drawnIdOf(end) ?? []) : []);

/** Applies the documents on empty ground, asks, and takes them down again; null: they agree, or it cannot be asked. */
async function complaintOn(ground: Ground, parts: readonly Part[], question: Question, publicPool: boolean): Promise<string | null> {
  const there = new Set(parts.flatMap(({ document }) => [...document.instances, ...document.natGateways].map(({ id }) => id)));
  if ([...endsOf(question)].some((id) => !there.has(id))) return null;
  const engine = await ground.engine("small", { publicPool });
  try {
    const publicAddresses = await ground.apply(engine, parts);
    return await askAgain(appliedParts(parts, publicAddresses, publicPool), question);
  } catch (error) {
    if (error instanceof NotInPlace) return "inPlace" in question ? error.message : null;
    // One of the two places is gone from the drawing.
    if (["NOT_FOUND", "EADDRNOTAVAIL"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  } finally {
    await ground.takeDown(engine, parts);
    ground.forgetEngine("small");
  }
}
