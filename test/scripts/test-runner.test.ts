import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eslintCounts, playwrightCounts, sum, vitestCounts } from "../../scripts/lib/test/counts.mjs";
import { schedule } from "../../scripts/lib/test/schedule.mjs";

const folder = mkdtempSync(join(tmpdir(), "vpclab-counts-"));
const report = (content: unknown) => {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const vitest = (passed: number, failed: number, pending: number, testResults: unknown[] = []) =>
  report({ numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: 0, testResults });

describe("green means that something ran and nothing failed", () => {
  it("takes vitest's numbers", () => {
    expect(vitestCounts(vitest(5, 1, 2), 1, "unit")).toMatchObject({ passed: 5, failed: 1, skipped: 2 });
  });

  it.each([
    ["a missing report", () => vitestCounts(join(folder, "none.json"), 0, "unit")],
    ["a report without tests", () => vitestCounts(vitest(0, 0, 0), 0, "unit")],
    ["an exit code that no test explains", () => vitestCounts(vitest(5, 0, 0), 1, "unit")],
    ["a test file that could not be loaded", () =>
      vitestCounts(vitest(5, 0, 0, [{ name: "broken.test.ts", status: "failed", assertionResults: [] }]), 1, "unit")],
    ["a missing Playwright report", () => playwrightCounts(join(folder, "none.json"), 0, "browser")],
    ["a Playwright test that passed only on a second try", () =>
      playwrightCounts(report({ stats: { expected: 1, unexpected: 0, flaky: 1, skipped: 0 }, suites: [] }), 0, "browser")],
    ["ESLint that crashed", () => eslintCounts("", 2, ["apps/web"], "/repo")],
  ])("counts %s as a failure", (_what, counts) => {
    expect(counts().failed).toBe(1);
  });

  it("says at the end why each failed", () => {
    const failed = { fullName: "it holds", status: "failed", failureMessages: ["\u001b[31mError: 1 is not 2\u001b[0m\n\n    at a.ts:1\n" + "    more\n".repeat(50)] };
    const { notes: [note] } = vitestCounts(vitest(0, 1, 0, [{ name: "a.test.ts", status: "failed", assertionResults: [failed] }]), 1, "unit");
    expect(note).toMatch(/^unit: it holds\n {4}Error: 1 is not 2\n {8}at a\.ts:1\n( {8}more\n){5} {8}more$/);
    const spec = { title: "a click", ok: false, tests: [{ results: [{ errors: [{ message: "Error: not visible" }] }] }] };
    expect(playwrightCounts(report({ stats: { expected: 0, unexpected: 1, flaky: 0, skipped: 0 }, suites: [{ specs: [spec] }] }), 1, "browser").notes).toEqual(["browser: a click\n    Error: not visible"]);
  });

  it("counts lint by package", () => {
    const files = [
      { filePath: "/repo/apps/web/src/a.ts", errorCount: 2, messages: [] },
      { filePath: "/repo/apps/web/src/b.ts", errorCount: 1, messages: [{ severity: 2, line: 7, message: "is wrong\nand long", ruleId: "a-rule" }] },
      { filePath: "/repo/apps/agent/src/a.ts", errorCount: 0, messages: [] },
    ];
    expect(eslintCounts(JSON.stringify(files), 1, ["apps/web", "apps/agent", "."], "/repo")).toEqual({
      passed: 2, failed: 1, skipped: 0, notes: ["lint: apps/web/src/b.ts:7 is wrong (a-rule)"],
    });
  });

  it("adds levels up", () => {
    const total = sum([{ passed: 1, failed: 0, skipped: 2, notes: [] }, { passed: 3, failed: 1, skipped: 0, notes: ["x"] }]);
    expect(total).toEqual({ passed: 4, failed: 1, skipped: 2, notes: ["x"] });
  });
});

describe("levels side by side", () => {
  it("run after what they need and never wider than allowed", async () => {
    const order: string[] = [];
    let busy = 0;
    let widest = 0;
    const level = (name: string, needs: string[] = []) => ({ name, needs, seconds: 1 });
    await schedule([level("a"), level("b"), level("after", ["a"]), level("d"), level("last", ["after"])], 2, async ({ name }: { name: string }) => {
      busy += 1;
      widest = Math.max(widest, busy);
      await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      order.push(name);
    });
    expect(widest).toBe(2);
    expect(order.toSorted()).toEqual(["a", "after", "b", "d", "last"]);
    expect(order.indexOf("after")).toBeGreaterThan(order.indexOf("a"));
    expect(order.indexOf("last")).toBeGreaterThan(order.indexOf("after"));
  });

  it("begin with what has the longest way to the end, with all that waits for it", async () => {
    const order: string[] = [];
    const level = (name: string, seconds: number, needs: string[] = []) => ({ name, needs, seconds });
    const levels = [level("short", 1), level("long", 8), level("end", 5, ["middle"]), level("begin", 2, []), level("middle", 2, ["begin"])];
    await schedule(levels, 1, async ({ name }: { name: string }) => void order.push(name));
    expect(order).toEqual(["begin", "long", "middle", "end", "short"]);
  });
});
