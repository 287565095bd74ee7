#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { useCompileCache } from "./compile-cache.mjs";

const bundle = new URL("../dist/vpcctl.mjs", import.meta.url);
if (existsSync(fileURLToPath(bundle))) {
  useCompileCache();
  await import(bundle.href);
} else {
  process.stderr.write("vpcctl is not built yet. In the checkout: npm run build\n");
  process.exitCode = 1;
}
