import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

// The server and the embedded database's process as two files for plain Node. Packages stay outside, except our own
// shared one, which is TypeScript.
const web = import.meta.dirname;
const dist = join(web, "dist");
rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: web,
  entryPoints: {
    server: "server.ts",
    "embedded-database-process": "src/server/store/embedded-database-process.ts",
  },
  outdir: dist,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  alias: { "@vpclab/shared": join(web, "../../packages/shared/src") },
  sourcemap: true,
  logLevel: "warning",
});
cpSync(join(web, "../../prisma/migrations"), join(dist, "migrations"), { recursive: true });
