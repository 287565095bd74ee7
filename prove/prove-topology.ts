import { randomCommand } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { Topology } from "@vpclab/shared/topology/topology";
import { listNetnsNames } from "../apps/agent/src/host/netns";
import { chooseFlows } from "./choose-flows";
import type { Engine } from "./engine";
import type { Ground } from "./ground";
import { forbiddenPackets } from "./isolation";
import { type Finding, measureFlows } from "./measure";
import { appliedTopology } from "./place";
import { Random } from "./random";
import { kernelDifferences } from "./same-kernel";

export const TOPOLOGY_ID = "00000000-0000-4000-8000-00000000abcd";
const NAME = "default";
const FORBIDDEN_SHARE = 0.1;
const EDITED_PROBES_SHARE = 0.25;
const EDIT_TRIES = 20;

export interface Proof {
  readonly probes: number;
  readonly faults: readonly Fault[];
}

/** A finding with the document it was made in, and the one that was applied before it. */
export interface Fault extends Finding {
  readonly document: Topology;
  readonly before: Topology | null;
  readonly publicPool: boolean;
}

export interface ProofSize {
  readonly probes: number;
  readonly edits: number;
}

/** Every fourth topology is on a host without a pool of public addresses. */
export const hasPool = (seed: number): boolean => seed % 4 !== 0;

/** One random topology: applied, probed, edited and probed again, compared with a fresh apply, and taken down. */
export async function proveTopology(ground: Ground, seed: number, size: ProofSize): Promise<Proof> {
  const random = new Random(seed);
  const publicPool = hasPool(seed);
  const others = new Set(listNetnsNames());
  const usedPorts = new Set<number>();
  const faults: Fault[] = [];
  let probes = 0;
  let document = randomTopology(seed);
  let before: Topology | null = null;
  const engine = await ground.engine("changed", { publicPool });
  const note = (...findings: Finding[]): void => void faults.push(...findings.map((finding) => ({ ...finding, document, before, publicPool })));
  const complain = (complaint: string): void => note({ complaint, flow: null });

  const applyAndProbe = async (count: number): Promise<void> => {
    const { publicAddresses } = await engine.apply(TOPOLOGY_ID, NAME, document);
    const applied = appliedTopology(NAME, document, publicAddresses, publicPool);
    const flows = chooseFlows(document, count, random, usedPorts);
    const forbidden = forbiddenPackets(applied, Math.ceil(count * FORBIDDEN_SHARE), random, () => freshPort(random, usedPorts));
    const measured = await measureFlows(applied, flows, forbidden);
    probes += measured.probes;
    note(...measured.findings);
  };

  await applyAndProbe(size.probes);
  for (let edit = 0; edit < size.edits; edit += 1) {
    before = document;
    document = edited(document, random);
    await applyAndProbe(Math.ceil(size.probes * EDITED_PROBES_SHARE));
  }
  if (size.edits > 0) {
    const changed = await ground.observe(others);
    await takeDown(engine, others, complain);
    const afresh = await ground.engine("fresh", { publicPool, allocationsOf: "changed" });
    await afresh.apply(TOPOLOGY_ID, NAME, document);
    for (const difference of kernelDifferences(changed, await ground.observe(others))) complain(`not as a fresh apply: ${difference}`);
    await takeDown(afresh, others, complain);
    ground.forgetEngine("fresh");
  } else {
    await takeDown(engine, others, complain);
  }
  ground.forgetEngine("changed");
  return { probes, faults };
}

async function takeDown(engine: Engine, others: ReadonlySet<string>, complain: (complaint: string) => void): Promise<void> {
  await engine.apply(TOPOLOGY_ID, NAME, null);
  const left = listNetnsNames().filter((name) => !others.has(name));
  if (left.length > 0) complain(`namespaces left after a tear-down: ${left.join(", ")}`);
}

/** The document after an edit that a person might make; most choices are accepted. */
function edited(document: Topology, random: Random): Topology {
  for (let tries = 0; tries < EDIT_TRIES; tries += 1) {
    const done = applyEdit(document, randomCommand(document, random.below(2 ** 31), random.bytes));
    if (done.ok) return done.value.document;
  }
  return document;
}

function freshPort(random: Random, used: Set<number>): number {
  for (;;) {
    const port = 32_768 + random.below(28_000);
    if (used.has(port)) continue;
    used.add(port);
    return port;
  }
}
