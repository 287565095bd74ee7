import { configDefaults, defineConfig } from "vitest/config";

/** They judge how long something takes, so that no other file of theirs runs beside them. */
const TIMED = ["src/server/{fair-shares,reconnect-storm,slow-browsers}.test.ts"];
const server = {
  globalSetup: ["src/server/testing/global-setup.ts"],
  // Prisma's query compiler: each file begins anew, none runs long enough for optimized code to pay.
  execArgv: ["--liftoff-only"],
  testTimeout: 180_000,
  hookTimeout: 120_000,
};

/** `unit`: the page's logic, without a browser. `server`: real databases, real sockets. `server-timed`: the same, one file at a time. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/{canvas,panels,ui}/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          ...server,
          name: "server",
          include: ["src/server/**/*.test.ts", "src/trpc/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...TIMED],
          // Databases, ports and folders are each file's own.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...server, name: "server-timed", include: TIMED, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
