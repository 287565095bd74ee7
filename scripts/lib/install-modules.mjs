import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { asOwner } from "./privileges.mjs";
import { childEnvironment } from "./child-environment.mjs";
import { runToEnd } from "./run-to-end.mjs";
import { contentHash, readStamp, writeStamp } from "./stamp.mjs";

/** What decides the content of node_modules. */
const INPUTS = ["package-lock.json", "package.json", "apps/web/package.json", "apps/agent/package.json", "packages/shared/package.json"];

/** `npm ci`, only when node_modules is not there or is not the one that the lock file describes. */
export async function installModules(say = () => {}) {
  const wanted = `${process.versions.modules} ${contentHash(INPUTS)}`;
  // npm writes this file last: without it an install was interrupted.
  const complete = existsSync(join(ROOT, "node_modules/.package-lock.json"));
  if (complete && readStamp("modules") === wanted) return "up to date";
  await runToEnd("npm", ["ci", "--no-audit", "--no-fund"], { log: "npm-ci", onLine: say, ...asOwner(childEnvironment()) });
  writeStamp("modules", wanted);
  return "installed";
}
