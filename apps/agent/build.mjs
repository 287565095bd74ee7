import { build } from "esbuild";

// Each program is one file that runs without node_modules. `require` is for CommonJS dependencies inside an ESM bundle.
const REQUIRE = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

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
