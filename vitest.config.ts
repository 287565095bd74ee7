import { defineConfig } from "vitest/config";

/** Tests about the repository as a whole; the packages have configurations of their own. */
export default defineConfig({ test: { include: ["test/**/*.test.ts"], testTimeout: 60_000 } });
