import { runKernelTool } from "./lib/kernel-tool.mjs";

// A server that holds the valid key and wants more than it may have. Options: hostile/options.ts.
await runKernelTool("hostile/run.ts");
