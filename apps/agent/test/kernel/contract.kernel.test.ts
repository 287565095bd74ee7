import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTRACT_CASES, runContractCase } from "@vpclab/shared/testing/kernel-contract";
import { compileTopology } from "@vpclab/shared/plan/compile";
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
    const context = testContext(EMPTY_TOPOLOGY);
    const left = planChanges(compileTopology(EMPTY_TOPOLOGY, context), await lab.kernel.observe(["@host", ...listNetnsNames()]), context);
    expect(await lab.kernel.apply(left)).toEqual([]);
    expect(listNetnsNames().sort()).toEqual([...SANDBOX_NAMESPACES].sort());
  });
});
