import { describe, expect, it } from "vitest";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { cellState, cellWords, countCells } from "./matrix-cell-state";

const document = EMPTY_TOPOLOGY;
const measured = (outcome: "reached" | "refused" | "timeout" | null, change = {}) => ({ outcome, document, kernel: 3, ...change });
const now = { intended: true, measured: undefined, measuring: false, document, kernel: 3 };

describe("a cell", () => {
  it.each([
    [true, "reached", "agrees"], [true, "refused", "agrees"], [true, "timeout", "differs"],
    [false, "reached", "differs"], [false, "refused", "differs"], [false, "timeout", "agrees"],
  ] as const)("promised %s and measured %s: %s", (intended, outcome, relation) => {
    expect(cellState({ ...now, intended, measured: measured(outcome) })).toEqual({ relation, outcome });
  });

  it("knows what was not measured, is being measured, or cannot be", () => {
    expect(cellState(now).relation).toBe("not-measured");
    expect(cellState({ ...now, measured: measured("reached"), measuring: true }).relation).toBe("measuring");
    expect(cellState({ ...now, measured: measured(null) }).relation).toBe("impossible");
  });

  it("is of the past once the drawing or the kernel has changed, and then neither right nor wrong", () => {
    expect(cellState({ ...now, measured: measured("timeout", { document: { ...document } }) }).relation).toBe("stale");
    expect(cellState({ ...now, measured: measured("timeout", { kernel: 2 }) }).relation).toBe("stale");
  });

  it("says in words what its signs say", () => {
    expect(cellWords(true, { relation: "differs", outcome: "timeout" })).toBe("promised reachable, measured no answer, not as promised");
    expect(cellWords(false, { relation: "not-measured", outcome: null })).toBe("promised not reachable, not measured yet");
  });

  it("counts in the sum", () => {
    const states = ["agrees", "differs", "stale", "not-measured"].map((relation) => ({ relation, outcome: null }) as never);
    expect(countCells(states)).toEqual({ pairs: 4, measured: 2, differs: 1, stale: 1 });
  });
});
