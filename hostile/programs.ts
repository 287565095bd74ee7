import { join, resolve } from "node:path";
import { build } from "esbuild";

/** The program that instances run, bundled to where the agent of this run looks for it. */
export async function bundleWebServer(folder: string): Promise<void> {
  const entry = resolve(import.meta.dirname, "../apps/agent/src/workloads/web-server.ts");
  await build({ bundle: true, platform: "node", format: "esm", target: "node20", entryPoints: [entry], outfile: join(folder, "web-server.mjs"), logLevel: "error" });
}
