import { join, resolve } from "node:path";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "..");

/** Bundles what is run as processes of their own; answers with the path of the victim's program. */
export async function bundlePrograms(folder: string): Promise<string> {
  // Beside the packages: the bundle finds the foreign function interface, which cannot be bundled.
  const victims = join(ROOT, ".vpclab/torture");
  const options = { bundle: true, platform: "node", format: "esm", target: "node20", outExtension: { ".js": ".mjs" }, entryNames: "[name]", logLevel: "error" } as const;
  await build({ ...options, entryPoints: [join(ROOT, "torture/victim.ts")], outdir: victims, packages: "external", alias: { "@vpclab/shared": join(ROOT, "packages/shared/src") } });
  await build({ ...options, entryPoints: [join(ROOT, "apps/agent/src/host/launch-thread.ts")], outdir: victims, packages: "external" });
  await build({ ...options, entryPoints: [join(ROOT, "apps/agent/src/workloads/web-server.ts")], outdir: folder });
  return join(victims, "victim.mjs");
}
