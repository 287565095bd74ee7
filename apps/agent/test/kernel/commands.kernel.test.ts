import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandOf } from "@vpclab/shared/plan/render";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { fingerprint } from "./fingerprint";
import { mixedLab } from "./mixed-lab";
import { Lab } from "./lab";

const doc = mixedLab();
/** Web servers need the files of this installation. */
const drawn: Topology = { ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) };
const lab = new Lab();
beforeAll(() => lab.sandbox.ensure());
afterAll(() => lab.sandbox.remove());

/** As a person would: each command by a shell of its own, in the order in which they are shown. */
function type(steps: readonly Step[]): void {
  for (const step of steps) execFileSync("sh", ["-e", "-c", commandOf(step)], { stdio: ["ignore", "ignore", "pipe"] });
}

describe("the commands that are shown", () => {
  it("do what the engine does, over every kind of object: nothing is left to plan", async () => {
    const before = await fingerprint(lab);
    const steps = await lab.plan(drawn);
    expect(new Set(steps.map((step) => step.action)).size).toBeGreaterThan(10);
    type(steps);
    expect(await lab.plan(drawn)).toEqual([]);
    type(await lab.plan(EMPTY_TOPOLOGY));
    expect(await lab.plan(EMPTY_TOPOLOGY)).toEqual([]);
    expect(await fingerprint(lab)).toEqual(before);
  });

  it("lead from one drawing to another", async () => {
    expect(await lab.apply(drawn)).toEqual([]);
    const changed: Topology = {
      ...drawn,
      securityGroups: drawn.securityGroups.map((group) => ({ ...group, rules: group.rules.slice(1) })),
      networkAcls: drawn.networkAcls.map((acl) => ({ ...acl, entries: acl.entries.map((entry) => ({ ...entry, number: entry.number + 1 })) })),
      routeTables: drawn.routeTables.map((table) => ({ ...table, routes: table.routes.slice(1) })),
      natGateways: [],
    };
    type(await lab.plan(changed));
    expect(await lab.plan(changed)).toEqual([]);
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
  });
});
