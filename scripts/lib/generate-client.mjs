import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { asOwner } from "./privileges.mjs";
import { childEnvironment } from "./child-environment.mjs";
import { runToEnd } from "./run-to-end.mjs";
import { contentHash, readStamp, writeStamp } from "./stamp.mjs";

/** Makes the typed database client, which types, tests and the server in development need; it is not in the repository. */
export async function generateClient(say = () => {}) {
  const wanted = contentHash(["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"]);
  if (existsSync(join(ROOT, "apps/web/src/generated/client.ts")) && readStamp("client") === wanted) return "up to date";
  await runToEnd(process.execPath, ["prisma/scripts/generate.mjs"], { log: "generate", onLine: say, ...asOwner(childEnvironment()) });
  writeStamp("client", wanted);
  return "generated";
}
