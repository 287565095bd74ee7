import { defineConfig } from "vitest/config";

/** The server's tests: real databases, real sockets. */
export default defineConfig({
  test: { name: "server", globalSetup: ["src/server/testing/global-setup.ts"], fileParallelism: false, include: ["src/server/**/*.test.ts", "src/trpc/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000 },
});
