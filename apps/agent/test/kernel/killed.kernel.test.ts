import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { peeredLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { dyingRunner, KILLED } from "./dying-runner";
import { fingerprint } from "./fingerprint";
import { isWrite } from "./is-write";
import { Lab } from "./lab";

const quiet = (doc: Topology): Topology => ({ ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) });
const drawn = quiet(peeredLab());
const nurse = new Lab();
beforeAll(() => nurse.sandbox.ensure());
afterAll(() => nurse.sandbox.remove());

/** Applies with an agent that is killed in its n-th writing command; whether it got that far. */
async function diesApplying(document: Topology, survives: number): Promise<boolean> {
  const runner = dyingRunner(survives, isWrite);
  const victim = new Lab({ runner });
  // It knows the names of the drawing, as an agent does by its own records.
  await victim.plan(drawn);
  await victim.apply(document).catch((error: Error) => expect(error.message).toBe(KILLED));
  await runner.settled();
  return runner.died();
}

describe("an agent that is killed in the middle of a command", () => {
  it.each([["an apply", drawn], ["a tear down", EMPTY_TOPOLOGY]])("of %s, whichever: the next apply converges, a tear down leaves nothing", async (_name, document) => {
    await nurse.plan(drawn);
    const before = { ...(await fingerprint(nurse)), files: [] };
    let deaths = 0;
    for (let survives = 0; ; survives++) {
      if (document === EMPTY_TOPOLOGY) expect(await nurse.apply(drawn)).toEqual([]);
      if (!(await diesApplying(document, survives))) break;
      deaths += 1;
      expect(await nurse.apply(drawn), `after dying in write ${survives + 1}`).toEqual([]);
      expect(await nurse.plan(drawn)).toEqual([]);
      expect(await nurse.apply(EMPTY_TOPOLOGY)).toEqual([]);
      expect({ ...(await fingerprint(nurse)), files: [] }).toEqual(before);
    }
    expect(await nurse.apply(EMPTY_TOPOLOGY)).toEqual([]);
    expect(deaths).toBeGreaterThan(3);
  }, 180_000);
});
