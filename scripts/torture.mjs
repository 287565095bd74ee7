import { runKernelTool } from "./lib/kernel-tool.mjs";

// Engines and agents killed at every side effect, on the real kernel. Options: torture/options.ts.
await runKernelTool("torture/run.ts");
