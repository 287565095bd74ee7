import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Metafile } from "esbuild";
import { bundle } from "../bundle.mjs";

/** What every call loads, `--help` included: measured in bytes of source, because a time depends on the machine. */
const EAGER_BYTES_MAX = 160_000;
/** zod as whole with its messages in all languages has 750,000. */
const ZOD_BYTES_MAX = 300_000;
const HEAVY = /node_modules\/(zod|yaml|@trpc|ws|@noble)\//;

const outdir = mkdtempSync(join(tmpdir(), "vpcctl-bundle-"));
let metafile: Metafile;
beforeAll(async () => {
  metafile = await bundle(outdir);
}, 60_000);
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** The outputs that are loaded with the program itself: by static imports, all the way. */
function eagerOutputs(): string[] {
  const entry = Object.keys(metafile.outputs).find((path) => path.endsWith("/vpcctl.mjs")) ?? "";
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) if (kind === "import-statement" && next in metafile.outputs) loaded.add(next);
  }
  return [...loaded];
}

describe("start-up", () => {
  it("loads nothing heavy: schemas, YAML and the server's client wait for an action", () => {
    const inputs = eagerOutputs().flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
    expect(inputs.length).toBeGreaterThan(10);
    expect(inputs.filter((input) => HEAVY.test(input))).toEqual([]);
    expect(inputs.filter((input) => /src\/(actions|edits|file|local|server)\//.test(input))).toEqual([]);
  });

  it("loads little", () => {
    const bytes = eagerOutputs().reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0);
    expect(bytes, eagerOutputs().map((path) => relative(outdir, path)).join(", ")).toBeLessThan(EAGER_BYTES_MAX);
  });

  it("has the heavy parts in chunks of their own, and of schemas only what is used", () => {
    const zod = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs)).filter(([input]) => /node_modules\/zod\//.test(input));
    const bytes = zod.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(ZOD_BYTES_MAX);
  });
});
