import { resolve } from "node:path";
import { build } from "esbuild";
import { smallZod } from "../../packages/shared/small-zod.mjs";

// For CommonJS dependencies inside an ESM bundle.
const REQUIRE = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

/**
 * Bundles the program into `outdir`: `vpcctl.mjs` is what every call loads; whatever only an action needs lies in chunks of
 * their own. Answers with esbuild's metafile, which says what is in which file.
 */
export async function bundle(outdir) {
  const { metafile } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: { vpcctl: "src/main.ts" },
    outdir: resolve(import.meta.dirname, outdir),
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // Names stay, for what --verbose says about a fault.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [smallZod],
    sourcemap: "linked",
    metafile: true,
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
  return metafile;
}
