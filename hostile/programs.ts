import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Programs } from "../apps/agent/src/host/node-program";

const ROOT = resolve(import.meta.dirname, "..");

/** Bundles what instances run and what starts it, to where the agent of this run looks for it. */
export async function bundlePrograms(folder: string): Promise<Pick<Programs, "webServer" | "launchThread">> {
  // Beside the packages: the bundle finds the foreign function interface, which cannot be bundled.
  const beside = join(ROOT, ".vpclab/hostile");
  const options = { bundle: true, platform: "node", format: "esm", target: "node20", outExtension: { ".js": ".mjs" }, entryNames: "[name]", logLevel: "error" } as const;
  await build({ ...options, entryPoints: [join(ROOT, "apps/agent/src/host/launch-thread.ts")], outdir: beside, packages: "external" });
  await build({ ...options, entryPoints: [join(ROOT, "apps/agent/src/workloads/web-server.ts")], outdir: folder });
  return { webServer: join(folder, "web-server.mjs"), launchThread: join(beside, "launch-thread.mjs") };
}
