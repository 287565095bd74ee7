import { defineConfig } from "vitest/config";
import { namespacePool } from "../../scripts/lib/test/namespace-pool.mjs";

/**
 * `unit`: beside the source, anywhere. `kernel`: real namespaces; needs root and namespaces of its own, e.g.
 * unshare -m -n -p --fork --kill-child --mount-proc sh -c 'mount -t tmpfs tmpfs /run && cp -a /etc /run/etc && rm -rf /run/etc/netns && mount --bind /run/etc /etc && npx vitest run --project kernel'
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts"], testTimeout: 20_000 } },
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
