import { describe, expect, it } from "vitest";
import { FakeKernel } from "./fake-kernel";
import { CONTRACT_CASES, runContractCase } from "./kernel-contract";

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
});
