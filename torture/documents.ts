import { randomCommand } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Random } from "../prove/random";
import type { Documents } from "./scenario";

const EDITS = 6;
const TRIES = 100;
const WEB_SERVER = { port: 8000 };

/** A random topology with one program to run, and the same some edits later. */
export function tortureDocuments(seed: number, random: Random): Documents {
  const drawn = randomTopology(seed);
  const first: Topology = { ...drawn, instances: drawn.instances.map((instance, index) => ({ ...instance, webServer: index === 0 ? WEB_SERVER : null })) };
  let second = first;
  for (let edits = 0, tries = 0; edits < EDITS && tries < TRIES; tries += 1) {
    const edited = applyEdit(second, randomCommand(second, random.below(2 ** 31), random.bytes));
    if (!edited.ok) continue;
    second = edited.value.document;
    edits += 1;
  }
  return { first, second: { ...second, instances: second.instances.map((instance) => ({ ...instance, webServer: instance.webServer && WEB_SERVER })) } };
}
