import { writeFileSync } from "node:fs";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Step } from "@vpclab/shared/plan/step";
import { netnsPath } from "../../src/host/netns";
import { fingerprint } from "./fingerprint";
import { mixedLab } from "./mixed-lab";
import { Lab } from "./lab";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const doc = mixedLab();
const drawn: Topology = { ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) };
const nurse = new Lab();
beforeAll(() => nurse.sandbox.ensure());
afterAll(() => nurse.sandbox.remove());

/** A step is one order to the kernel, so an agent dies between two of them; here after the first `count`. */
async function diesApplying(steps: readonly Step[], count: number): Promise<void> {
  expect(await new Lab().kernel.apply(steps.slice(0, count))).toEqual([]);
  // Making a namespace is two orders: the file for its name, and the namespace upon it.
  const next = steps[count];
  if (next?.action === "netns-add") writeFileSync(netnsPath(next.namespace), "", { mode: 0o000 });
}

/** Deaths spread over each plan; `npm run torture` kills the whole process at every point. */
const DEATHS = 12;

describe("an agent that is killed in the middle", () => {
  it.each([["an apply", EMPTY_TOPOLOGY, drawn], ["a tear down", drawn, EMPTY_TOPOLOGY]])("of %s: the next apply converges, a tear down leaves nothing", async (_name, from, to) => {
    await nurse.plan(drawn);
    const before = await fingerprint(nurse);
    for (let death = 0; death < DEATHS; death++) {
      expect(await nurse.apply(from)).toEqual([]);
      const steps = await nurse.plan(to);
      expect(steps.length).toBeGreaterThan(8);
      const count = Math.floor((steps.length * death) / DEATHS);
      await diesApplying(steps, count);
      expect(await nurse.apply(drawn), `after dying at step ${count + 1} of ${steps.length}, before ${steps[count]?.action}`).toEqual([]);
      expect(await nurse.plan(drawn)).toEqual([]);
      expect(await nurse.apply(EMPTY_TOPOLOGY)).toEqual([]);
      expect(await fingerprint(nurse)).toEqual(before);
    }
  }, 300_000);
});
