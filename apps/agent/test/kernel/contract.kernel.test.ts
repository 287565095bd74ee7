import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTRACT_CASES, runContractCase, runStoppedCase } from "@vpclab/shared/testing/kernel-contract";
import { compileTopology } from "@vpclab/shared/plan/compile";
import { NOT_BEGUN } from "@vpclab/shared/plan/kernel";
import { planChanges } from "@vpclab/shared/plan/plan";
import { testContext } from "@vpclab/shared/testing/builders";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { listNetnsNames } from "../../src/host/netns";
import { SANDBOX_NAMESPACES } from "../../src/sandbox/sandbox-state";
import { Lab } from "./lab";

describe("Linux keeps the kernel contract", () => {
  const lab = new Lab();
  beforeAll(() => lab.sandbox.ensure());
  afterAll(() => lab.sandbox.remove());

  it.each(CONTRACT_CASES)("$name", async (contractCase) => {
    for (const outcome of await runContractCase(lab.kernel, contractCase)) {
      expect(outcome.failures).toEqual([]);
      expect(outcome.remaining).toEqual([]);
    }
    await removeEverything();
  });

  it.each([0, 1, 5, 12])("a stop after %i objects leaves what is not begun to the next apply, and says so", async (beginsMax) => {
    const { reasons, begun, due, unaccounted, remaining } = await runStoppedCase(lab.kernel, beginsMax);
    expect(reasons).toEqual([NOT_BEGUN]);
    expect(begun).toBeLessThan(due);
    expect(unaccounted).toEqual([]);
    expect(remaining).toEqual([]);
    await removeEverything();
  });

  async function removeEverything(): Promise<void> {
    const context = testContext(EMPTY_TOPOLOGY);
    const left = planChanges(compileTopology(EMPTY_TOPOLOGY, context), await lab.kernel.observe(["@host", ...listNetnsNames()]), context);
    expect(await lab.kernel.apply(left)).toEqual([]);
    expect(listNetnsNames().sort()).toEqual([...SANDBOX_NAMESPACES].sort());
  }
});
