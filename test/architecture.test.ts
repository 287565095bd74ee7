import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCycle, type Import, importsOf, ROOT, sourceFiles } from "./imports";

/**
 * The arrows of ARCHITECTURE.md. Each row: a folder, and what its files may import beside their own folder.
 * Tests may import everything of their own package; `testing/` is for tests only.
 */
const SHARED = "packages/shared/src";
const AGENT = "apps/agent/src";
const WEB = "apps/web/src";
const SERVER = `${WEB}/server`;

const MAY_IMPORT: Record<string, readonly string[]> = {
  // errors, net ← topology ← analysis, plan ← wire
  [`${SHARED}/errors`]: [],
  [`${SHARED}/net`]: [`${SHARED}/errors`],
  [`${SHARED}/topology`]: [`${SHARED}/errors`, `${SHARED}/net`],
  [`${SHARED}/analysis`]: [`${SHARED}/errors`, `${SHARED}/net`, `${SHARED}/topology`],
  [`${SHARED}/plan`]: [`${SHARED}/errors`, `${SHARED}/net`, `${SHARED}/topology`],
  [`${SHARED}/wire`]: [`${SHARED}/errors`, `${SHARED}/net`, `${SHARED}/topology`, `${SHARED}/analysis`, `${SHARED}/plan`],
  [`${SHARED}/testing`]: [SHARED],
  // host ← kernel ← reconcile ← main, with link and report as leaves
  [`${AGENT}/host`]: [SHARED],
  [`${AGENT}/kernel`]: [SHARED, `${AGENT}/host`],
};

const isTest = (file: string) => /\.test\.tsx?$/.test(file);
const inside = (file: string, folder: string) => file.startsWith(`${folder}/`) || file === folder;
const describeImport = (found: Import) => `${found.from} imports ${found.specifier}`;

const PACKAGES = ["packages/shared", "apps/agent", "apps/web"];
const ALL = PACKAGES.flatMap(sourceFiles);
const IMPORTS = ALL.flatMap(importsOf);
const OURS = IMPORTS.filter((found) => !isTest(found.from));

const wrong = (imports: readonly Import[], isWrong: (found: Import) => boolean) => imports.filter(isWrong).map(describeImport);

describe("imports run one way", () => {
  it.each(Object.entries(MAY_IMPORT))("%s", (folder, allowed) => {
    const mine = OURS.filter((found) => inside(found.from, folder));
    expect(existsSync(join(ROOT, folder)), `${folder} is guarded but is gone: mend the table`).toBe(true);
    expect(sourceFiles(folder), `${folder} is guarded but empty: mend the table`).not.toEqual([]);
    expect(wrong(mine, ({ to }) => to !== null && ![folder, ...allowed].some((place) => inside(to, place)))).toEqual([]);
  });

  it("has no cycles, type-only ones included", () => {
    expect(findCycle(IMPORTS)).toBeNull();
  });
});
