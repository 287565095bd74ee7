import { readdirSync } from "node:fs";
import { join } from "node:path";
import { listNetnsNames } from "../apps/agent/src/host/netns";
import { fingerprint, fingerprintDifferences } from "./fingerprint";
import { makeForeignThings } from "./foreign";
import { Ground } from "./ground";
import { optionsOrExit, parseProveOptions } from "./options";
import { proveTopology, type Fault } from "./prove-topology";
import { reportFault } from "./report-fault";
import { replay } from "./replay";

// Runs inside namespaces of its own (see scripts/prove.mjs): nothing here can reach the machine's network.
const FOLDER = join(import.meta.dirname, "../.vpclab/prove");
/** How many more may be open at the end than after the first topology: what is at rest at the moment differs. */
const DESCRIPTORS_SLACK = 16;
/** Topologies between two lines that say how far it is. */
const PROGRESS_EVERY = 50;
/** Minimising applies hundreds of topologies. */
const MINIMISED_MAX = 5;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const options = optionsOrExit(parseProveOptions);
makeForeignThings();
const others = new Set(listNetnsNames());
const look = () => fingerprint({ inside: (name) => others.has(name), folders: ["/run"] });
const before = look();
const ground = await Ground.open();
if (options.replay !== null) {
  const agrees = await replay(ground, options.replay, say);
  await ground.close();
  process.exit(agrees ? 0 : 1);
}

const started = performance.now();
const openDescriptors = (): number => readdirSync("/proc/self/fd").length;
let openAtFirst: number | null = null;
const faults: Fault[] = [];
let probes = 0;
let disagreements = 0;
for (let number = 0; number < options.topologies; number += 1) {
  const seed = options.seed + number;
  const proof = await proveTopology(ground, seed, options).catch((error: unknown) => {
    say(`topology of seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    disagreements += 1;
    return null;
  });
  probes += proof?.probes ?? 0;
  openAtFirst ??= openDescriptors();
  if ((number + 1) % PROGRESS_EVERY === 0) say(`${number + 1} of ${options.topologies}: ${probes} probes, ${disagreements} disagreements`);
  for (const fault of proof?.faults ?? []) {
    disagreements += 1;
    faults.push(fault);
    say(await reportFault(ground, fault, { folder: FOLDER, seed, options, minimise: faults.length <= MINIMISED_MAX }));
  }
}
const moreOpen = openDescriptors() - (openAtFirst ?? 0);
if (moreOpen > DESCRIPTORS_SLACK) {
  say(`${moreOpen} descriptors more are open than after the first topology`);
  disagreements += 1;
}
const seconds = (performance.now() - started) / 1000;
await ground.close();
for (const difference of fingerprintDifferences(before, look())) {
  say(`outside of the sandbox: ${difference}`);
  disagreements += 1;
}
say(`seed ${options.seed}, ${(options.topologies / seconds).toFixed(1)} topologies and ${Math.round(probes / seconds)} probes per second`);
say(`${options.topologies} topologies, ${probes} probes, ${disagreements} disagreements`);
process.exit(disagreements > 0 ? 1 : 0);
