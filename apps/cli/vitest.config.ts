import { defineConfig } from "vitest/config";
import { namespacePool } from "../../scripts/lib/test/namespace-pool.mjs";

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
          // Each file in namespaces of its own, with the same names. They wait more than they work: for answers that must not come.
          pool: namespacePool,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
