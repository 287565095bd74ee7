import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { asOwner } from "./privileges.mjs";
import { childEnvironment } from "./child-environment.mjs";
import { runToEnd } from "./run-to-end.mjs";

const readLock = (path) => {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
};

/**
 * What differs between the lock file and node_modules, or null when they agree. npm keeps a list of what it has installed in
 * node_modules and writes it last, so an interrupted install has none. Packages for other platforms may be absent.
 */
export function installedDiffers(wanted, installed) {
  if (installed === null) return "nothing installed";
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes("node_modules/") || entry.link) continue;
    const found = installed[path];
    if (found === undefined && entry.optional) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) return path;
  }
  return null;
}

/** `npm ci`, only when node_modules is not what the lock file describes. */
export async function installModules(say = () => {}) {
  if (installedDiffers(readLock("package-lock.json"), readLock("node_modules/.package-lock.json")) === null) return "up to date";
  await runToEnd("npm", ["ci", "--no-audit", "--no-fund"], { log: "npm-ci", onLine: (line) => line.startsWith("npm warn") || say(line), ...asOwner(childEnvironment()) });
  return "installed";
}
