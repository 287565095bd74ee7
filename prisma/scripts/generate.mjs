import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// Makes the typed client. Without these variables the command would first try to download an engine that it does not need;
// `/bin/false` and not `/bin/true`, which would let `prisma migrate` succeed without doing anything.
const root = join(import.meta.dirname, "../..");
const cli = join(dirname(createRequire(import.meta.url).resolve("prisma/package.json")), "build/index.js");
const { status } = spawnSync(process.execPath, [cli, "generate"], {
  cwd: root,
  stdio: ["ignore", process.argv.includes("--quiet") ? "ignore" : "inherit", "inherit"],
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: "/bin/false",
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  },
});
process.exit(status ?? 1);
