import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { bundle } from "./bundle.mjs";

/** `node build.mjs [directory]`, `dist` by default. */
const outdir = resolve(import.meta.dirname, process.argv[2] ?? "dist");
// Chunks of an earlier build have other names and would stay.
rmSync(outdir, { recursive: true, force: true });
await bundle(outdir);
