import { runKernelTool } from "./lib/kernel-tool.mjs";

// Random topologies on the real kernel: what the analysis says against what packets do. Options: prove/options.ts.
await runKernelTool("prove/run.ts");
