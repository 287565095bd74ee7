import { defineConfig } from "vitest/config";

/** The server's tests: real databases, real sockets. */
export default defineConfig({
  test: { name: "server", include: ["src/server/**/*.test.ts", "src/trpc/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000 },
});
