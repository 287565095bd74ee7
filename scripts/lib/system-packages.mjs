import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { programFolders } from "./child-environment.mjs";
import { UserError } from "./progress.mjs";
import { hasPasswordlessSudo, isRoot } from "./privileges.mjs";
import { runToEnd } from "./run-to-end.mjs";

/** Debian package → how we see that it is there. */
export const AGENT_PACKAGES = {
  iproute2: () => hasProgram("ip"),
  nftables: () => hasProgram("nft"),
  "iputils-ping": () => hasProgram("ping"),
  procps: () => hasProgram("sysctl"),
  "util-linux": () => hasProgram("unshare") && hasProgram("nsenter"),
  "dnsmasq-base": () => hasProgram("dnsmasq"),
};

/** What the walk-throughs of the older tools call. */
export const WALKTHROUGH_PACKAGES = { curl: () => hasProgram("curl"), python3: () => hasProgram("python3") };
export const BROWSER_PACKAGES = { chromium: () => chromiumPath() !== null };
export const DATABASE_PACKAGES = { postgresql: () => postgresBinDir() !== null };

/** First program of these names in PATH and the system's folders, or null. */
export function programPath(...names) {
  for (const name of names) for (const folder of programFolders()) if (isExecutable(join(folder, name))) return join(folder, name);
  return null;
}
const hasProgram = (name) => programPath(name) !== null;

/** Debian calls it chromium; Ubuntu's package of that name is a snap, so a Chrome from elsewhere serves as well. */
export const chromiumPath = () =>
  process.env.CHROMIUM_PATH ?? programPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

/** Folder with initdb and postgres of the newest installed version, or null. Debian keeps it out of PATH. */
export function postgresBinDir() {
  const base = "/usr/lib/postgresql";
  if (!existsSync(base)) return null;
  const newest = readdirSync(base).map(Number).filter(Number.isFinite).sort((a, b) => b - a);
  const found = newest.map((version) => join(base, String(version), "bin")).find((folder) => isExecutable(join(folder, "initdb")));
  return found ?? null;
}

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export const missingPackages = (wanted) => Object.keys(wanted).filter((name) => !wanted[name]());

/**
 * Installs what is missing by apt when that is possible without asking; otherwise throws the one line that the user has to run.
 * Resolves with a note for the progress line.
 */
export async function ensurePackages(wanted, say = () => {}) {
  const missing = missingPackages(wanted);
  if (missing.length === 0) return "all there";
  const command = `apt-get update && apt-get install --no-install-recommends ${missing.join(" ")}`;
  const cannot = (why) => new UserError(`Missing system packages: ${missing.join(", ")}. ${why} Install them with\n\n  sudo sh -c '${command}'\n\nand run this again.`);
  if (programPath("apt-get") === null) throw cannot("This is not Debian or Ubuntu, so the names may differ here.");
  const sudo = isRoot() ? [] : ["sudo", "-n"];
  if (sudo.length > 0 && !hasPasswordlessSudo()) throw cannot("That needs root.");
  const apt = async (...args) => {
    const [file, ...rest] = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args];
    await runToEnd(file, rest, { log: "apt", onLine: say });
  };
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...missing);
  const still = missingPackages(wanted);
  if (still.length > 0) throw cannot("apt-get ran, but they are still not there.");
  return `installed ${missing.join(", ")}`;
}
