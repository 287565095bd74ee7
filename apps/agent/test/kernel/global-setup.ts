import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { listNetnsNames } from "../../src/host/netns";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder with the bundled programs that run inside namespaces. */
    programs: string;
  }
}

const AGENT = resolve(import.meta.dirname, "../..");

/** Bundles the programs, once it is certain that nothing outside of this run can be touched. */
export default function setup(project: TestProject): () => void {
  refuseUnlessIsolated();
  // As on a machine where somebody has used it: what stands in it is compared before and after.
  mkdirSync("/etc/netns", { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), "vpclab-programs-"));
  execFileSync(process.execPath, ["build.mjs", directory], { cwd: AGENT, stdio: "inherit" });
  project.provide("programs", directory);
  return () => rmSync(directory, { recursive: true, force: true });
}

/** These tests make and delete namespaces, so they must have been given namespaces of their own. A skip would hide that. */
function refuseUnlessIsolated(): void {
  const problems = [
    process.geteuid?.() === 0 ? null : "not root",
    interfaces().some((link) => link !== "lo") ? "not in a network namespace of their own" : null,
    statSync("/run").dev === statSync("/").dev ? "no /run of their own" : null,
    // A mount namespace has the machine's own /etc, and agents write /etc/netns.
    statSync("/etc").dev === statSync("/run").dev ? null : "no copy of /etc of their own",
    listNetnsNames().length > 0 ? "there are network namespaces already" : null,
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return;
  throw new Error(
    `Kernel tests cannot run here: ${problems.join(", ")}. Run them with npm test, or as root with:\n` +
    "unshare -m -n -p --fork --kill-child --mount-proc sh -c 'mount -t tmpfs tmpfs /run && cp -a /etc /run/etc && rm -rf /run/etc/netns && mount --bind /run/etc /etc && npx vitest run --project kernel'",
  );
}

/** Links of this network namespace; /sys shows those of the namespace it was mounted in. */
const interfaces = (): string[] =>
  readFileSync("/proc/self/net/dev", "utf8").split("\n").slice(2).flatMap((line) => line.split(":")[0]?.trim() || []);
