import { defineConfig } from "vitest/config";

/**
 * `unit`: beside the source, no root needed. `server`: against the web server with its database. `kernel`: the built program on real namespaces; as in the agent's configuration.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 20_000 } },
      { test: { name: "server", include: ["test/server/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 } },
      {
        test: {
          name: "kernel",
          include: ["test/kernel/**/*.kernel.test.ts"],
          globalSetup: ["test/kernel/global-setup.ts"],
          // All files share one kernel and the same names in it.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
