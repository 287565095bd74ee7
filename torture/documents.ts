import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Random } from "../prove/random";
import type { Documents } from "./scenario";

const SIZE = { vpcsMax: 3, subnetsPerVpcMax: 2, instancesMax: 6 };
const GROWTH = { vpcs: 3, instances: 8 };
const EDITS = 6;
const WEB_SERVER = { port: 8000 };

/** A random topology with one program to run, and the same some edits later. */
export function tortureDocuments(random: Random): Documents {
  const first = withOneProgram(randomTopology(random.bytes, SIZE));
  let second = first;
  for (let edit = 0; edit < EDITS; edit += 1) second = randomEdit(second, random.bytes, GROWTH).document;
  return { first, second: withOneProgram(second) };
}

const withOneProgram = (doc: Topology): Topology =>
  ({ ...doc, instances: doc.instances.map((instance, index) => ({ ...instance, webServer: index === 0 ? WEB_SERVER : null })) });
