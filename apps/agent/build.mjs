import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";

/**
 * Each program is one file that runs without node_modules; the agent has koffi's machine code beside it, in `koffi/`, where
 * koffi looks for it under `process.resourcesPath`. `require` is for CommonJS dependencies inside an ESM bundle.
 */
const REQUIRE = [
  `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`,
  `process.resourcesPath ??= import.meta.dirname;`,
].join(" ");

const PROGRAMS = {
  agent: "src/main.ts",
  // These two run inside instances, read from standard input: they use Node's own modules only and need no `require`.
  "web-server": "src/workloads/web-server.ts",
  prober: "src/probes/prober.ts",
};

/** `node build.mjs [directory]`, `dist` by default. */
const outdir = process.argv[2] ?? "dist";

for (const [name, entry] of Object.entries(PROGRAMS)) {
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: [entry],
    outfile: `${outdir}/${name}.mjs`,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: name === "agent",
    banner: name === "agent" ? { js: REQUIRE } : {},
    logLevel: "warning",
  });
}

const require = createRequire(import.meta.url);
const machine = `koffi-${process.platform}-${process.arch}`;
const koffi = dirname(require.resolve(`@koromix/${machine}`, { paths: [dirname(require.resolve("koffi"))] }));
cpSync(koffi, join(resolve(import.meta.dirname, outdir), "koffi"), { recursive: true, filter: (path) => !/\.(js|md|json)$/.test(path) });
