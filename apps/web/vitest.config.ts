import { defineConfig } from "vitest/config";

/** `unit`: the page's logic, without a browser. `server`: real databases, real sockets. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/{canvas,panels,ui}/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          name: "server",
          globalSetup: ["src/server/testing/global-setup.ts"],
          fileParallelism: false,
          include: ["src/server/**/*.test.ts", "src/trpc/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
