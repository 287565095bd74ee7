import { describe, expect, it } from "vitest";
import { NOT_BEGUN } from "../plan/kernel";
import { FakeKernel } from "./fake-kernel";
import { CONTRACT_CASES, runContractCase, runStoppedCase } from "./kernel-contract";

describe("the in-memory kernel keeps the kernel contract", () => {
  it.each(CONTRACT_CASES)("$name", async (contractCase) => {
    const kernel = new FakeKernel();
    for (const outcome of await runContractCase(kernel, contractCase)) {
      expect(outcome.failures).toEqual([]);
      expect(outcome.remaining).toEqual([]);
    }
    const last = contractCase.documents.at(-1);
    if (last?.vpcs.length === 0) expect(kernel.names()).toEqual([]);
  });

  it.each([0, 1, 5, 12])("a stop after %i objects leaves what is not begun to the next apply, and says so", async (beginsMax) => {
    const { reasons, begun, due, unaccounted, remaining } = await runStoppedCase(new FakeKernel(), beginsMax);
    expect(reasons).toEqual([NOT_BEGUN]);
    expect(begun).toBeLessThan(due);
    expect(unaccounted).toEqual([]);
    expect(remaining).toEqual([]);
  });
});
