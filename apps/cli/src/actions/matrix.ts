import { agrees } from "@vpclab/shared/analysis/reachability";
import type { ProbeEnd, ProbeOutcome } from "@vpclab/shared/analysis/probe";
import { promises } from "@vpclab/shared/analysis/promises";
import type { ExplanationCode } from "@vpclab/shared/analysis/verdict";
import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import { endByName, endName } from "../lab/named-object";
import type { Lab } from "../lab/lab";
import { printMatrix } from "../output/print-matrix";
import type { Session } from "../session";
import { kindText, probeKind, protocolOf } from "./test";

/** One pair of the matrix, as `--json` prints it. */
export interface MeasuredPair {
  readonly source: string;
  readonly destination: string;
  readonly promised: boolean;
  readonly code: ExplanationCode;
  /** null: not measured, or not to be measured on this host. */
  readonly outcome: ProbeOutcome | null;
  readonly agrees: boolean | null;
}

/** HTTP requests at a time, which the host works off one by one: a blocked one takes seconds. */
const PARALLEL = 8;
/** Pairs of one call: few enough that progress is seen. */
const FLOWS_PER_CALL = 128;

/** Every pair of instances and the internet: what the drawing promises, and what packets do. */
export const matrix: Action = async (session, given) => {
  const what = probeKind(given);
  const lab = await session.lab();
  const { document } = await lab.read(session.topology);
  const names = given.rest(0);
  const chosen = names.map((name) => endByName(document, name)).flatMap((end) => ("instanceId" in end ? [end.instanceId] : []));
  const host = { publicPool: lab.place.publicPool };
  const promised = promises(document, host, { protocol: protocolOf(what.kind), port: what.port, ...(names.length > 0 ? { instanceIds: chosen } : {}) });
  const outcomes = given.flag("measure") === false || session.options.dryRun ? [] : await measureAll(lab, session, promised, what);
  const pairs = promised.map(({ source, destination, reachable, code }, at): MeasuredPair => {
    const outcome = outcomes[at] ?? null;
    const ends = { source: endName(document, source), destination: endName(document, destination) };
    return { ...ends, promised: reachable, code, outcome, agrees: outcome === null ? null : agrees({ reachable }, outcome) };
  });
  const disagreements = pairs.filter((pair) => pair.agrees === false).length;
  session.out.value({ topology: session.topology, ...what, pairs, disagreements });
  printMatrix(pairs, kindText(what), session.out);
  return disagreements > 0 ? EXIT.failed : EXIT.ok;
};

type Pair = { readonly source: ProbeEnd; readonly destination: ProbeEnd };

/** Many packets at once; an HTTP request is more than a packet, so each is a test of its own. null: not to be measured on this host. */
async function measureAll(lab: Lab, session: Session, pairs: readonly Pair[], what: Parameters<typeof kindText>[0]): Promise<(ProbeOutcome | null)[]> {
  const { kind, port } = what;
  if (kind === "http") return probeEach(lab, session, pairs, what);
  const { topology, out } = session;
  const outcomes: (ProbeOutcome | null)[] = [];
  for (let at = 0; at < pairs.length; at += FLOWS_PER_CALL) {
    const flows = pairs.slice(at, at + FLOWS_PER_CALL).map(({ source, destination }) => ({ source, destination }));
    const measured = await lab.measure(topology, { kind, port, flows });
    outcomes.push(...measured.flows.map(({ outcome }) => outcome));
    out.progress.update(`measured ${outcomes.length} of ${pairs.length} pairs`);
  }
  out.progress.clear();
  return outcomes;
}

async function probeEach(lab: Lab, { topology, out }: Session, pairs: readonly Pair[], what: Parameters<typeof kindText>[0]): Promise<ProbeOutcome[]> {
  const outcomes: ProbeOutcome[] = [];
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    for (let at = next++; at < pairs.length; at = next++) {
      const { source, destination } = pairs[at] as Pair;
      outcomes[at] = (await lab.probe(topology, { source, destination, ...what })).outcome;
      out.progress.update(`measured ${++done} of ${pairs.length} pairs`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  out.progress.clear();
  return outcomes;
}
