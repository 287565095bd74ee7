import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import type { Topology } from "@vpclab/shared/topology/topology";
import { chooseFlows } from "./choose-flows";
import { enriched } from "./enrich";
import { type Engine, NotInPlace } from "./engine";
import { fingerprintDifferences } from "./fingerprint";
import type { Ground } from "./ground";
import { forbiddenPackets, forgedPackets } from "./isolation";
import { type Finding, measureFlows } from "./measure";
import { newParts, type Part, withDocument } from "./parts";
import { peered } from "./peer-topologies";
import { appliedParts } from "./place";
import { Random } from "./random";
import { kernelDifferences } from "./same-kernel";

const FORBIDDEN_SHARE = 0.1;
const FORGED_SHARE = 0.05;
const EDITED_PROBES_SHARE = 0.25;
const GROWTH = { vpcs: 4, instances: 14 };
/** Standard tools are a process for each namespace and question. */
const LOOK_EVERY = 10;
const TWO_SHARE = 0.2;
const PEERED_SHARE = 0.7;
/** Of each, where two topologies are side by side. */
const HALF = { vpcsMax: 2, subnetsPerVpcMax: 2, instancesMax: 6 };

export interface Proof {
  readonly probes: number;
  readonly faults: readonly Fault[];
}

/** A finding with what it was made in, and what was applied before that. */
export interface Fault extends Finding {
  readonly parts: readonly Part[];
  readonly before: readonly Part[] | null;
  readonly publicPool: boolean;
}

export interface ProofSize {
  readonly probes: number;
  readonly edits: number;
}

/** Every fourth topology is on a host without a pool of public addresses. */
export const hasPool = (seed: number): boolean => seed % 4 !== 0;

/** One random topology, or two side by side: applied, probed, edited and probed again, compared with a fresh apply, and taken down. */
export async function proveTopology(ground: Ground, seed: number, size: ProofSize): Promise<Proof> {
  const random = new Random(seed);
  const publicPool = hasPool(seed);
  const usedPorts = new Set<number>();
  const faults: Fault[] = [];
  let probes = 0;
  let parts = drawParts(random);
  let before: readonly Part[] | null = null;
  const note = (finding: Finding): void => void faults.push({ ...finding, parts, before, publicPool });

  /** False: not even in place. */
  const applyAndProbe = async (engine: Engine, count: number): Promise<boolean> => {
    const publicAddresses = await ground.apply(engine, parts).catch((error: unknown) => {
      if (!(error instanceof NotInPlace)) throw error;
      note({ complaint: error.message, question: { inPlace: true } });
      return null;
    });
    if (!publicAddresses) return false;
    const applied = appliedParts(parts, publicAddresses, publicPool);
    const flows = chooseFlows(applied.document, count, random, usedPorts);
    const port = (): number => freshPort(random, usedPorts);
    const forbidden = [
      ...forbiddenPackets(applied, Math.ceil(count * FORBIDDEN_SHARE), random, port), ...forgedPackets(applied, Math.ceil(count * FORGED_SHARE), random, port),
    ];
    const measured = await measureFlows(applied, flows, forbidden);
    probes += measured.probes;
    measured.findings.forEach(note);
    return true;
  };
  const takeDown = async (engine: Engine): Promise<void> => {
    if (!(await ground.takeDown(engine, parts))) note({ complaint: "something was left after the tear-down", question: null });
  };

  const engine = await ground.engine("changed", { publicPool });
  let good = await applyAndProbe(engine, size.probes);
  for (let edit = 0; good && edit < size.edits; edit += 1) {
    before = parts;
    const at = random.below(parts.length);
    parts = withDocument(parts, at, withoutPrograms(randomEdit(documentAt(parts, at), random.bytes, GROWTH).document));
    good = await applyAndProbe(engine, Math.ceil(size.probes * EDITED_PROBES_SHARE));
  }
  const looksClosely = seed % LOOK_EVERY === 0;
  const changed = { seen: await ground.observe(), looked: looksClosely ? ground.look() : {} };
  // Before the tear-down gives the allocations back.
  const afresh = await ground.engine("fresh", { publicPool, allocationsOf: "changed" });
  await takeDown(engine);
  if (good && size.edits > 0) {
    if (await applyAndProbe(afresh, 0)) {
      const differences = [
        ...kernelDifferences(changed.seen, await ground.observe()),
        ...fingerprintDifferences(changed.looked, looksClosely ? ground.look() : {}).map((line) => `afresh: ${line}`),
      ];
      for (const difference of differences) note({ complaint: `not as a fresh apply: ${difference}`, question: null });
    }
    await takeDown(afresh);
  }
  for (const name of ["changed", "fresh"]) ground.forgetEngine(name);
  return { probes, faults };
}

function drawParts(random: Random): Part[] {
  if (!random.chance(TWO_SHARE)) return newParts([withoutPrograms(enriched(randomTopology(random.bytes), random))]);
  const [one, other] = [randomTopology(random.bytes, HALF), randomTopology(random.bytes, HALF)];
  return newParts((random.chance(PEERED_SHARE) ? peered(one, other, random) : [one, other]).map(withoutPrograms));
}

function documentAt(parts: readonly Part[], index: number): Topology {
  const part = parts[index];
  if (!part) throw new Error(`no part ${index}`);
  return part.document;
}

/** Programs are no part of the network, and a process each would cost more than everything else. */
const withoutPrograms = (document: Topology): Topology =>
  ({ ...document, instances: document.instances.map((instance) => ({ ...instance, webServer: null })) });

function freshPort(random: Random, used: Set<number>): number {
  for (;;) {
    const port = 32_768 + random.below(28_000);
    if (used.has(port)) continue;
    used.add(port);
    return port;
  }
}
