import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder with `bin/vpcctl`, `cli/dist` and `agent/dist`, as in a checkout that is built. */
    built: string;
  }
}

const APPS = resolve(import.meta.dirname, "../../..");

/** Builds vpcctl and the agent's engine, once it is certain that nothing outside of this run can be touched. */
export default function setup(project: TestProject): () => void {
  refuseUnlessIsolated();
  const built = mkdtempSync(join(tmpdir(), "vpcctl-built-"));
  for (const app of ["cli", "agent"]) execFileSync(process.execPath, [join(APPS, app, "build.mjs"), join(built, app, "dist")], { stdio: "inherit" });
  const bin = join(built, "bin");
  mkdirSync(bin);
  // A folder for PATH, so that walk-throughs run as they are written.
  writeFileSync(join(bin, "vpcctl"), `#!/bin/sh\nexec ${process.execPath} ${join(built, "cli/dist/vpcctl.mjs")} "$@"\n`);
  chmodSync(join(bin, "vpcctl"), 0o755);
  project.provide("built", built);
  return () => rmSync(built, { recursive: true, force: true });
}

/** These tests make and delete namespaces, so they must have been given namespaces of their own. A skip would hide that. */
function refuseUnlessIsolated(): void {
  const problems = [
    process.geteuid?.() === 0 ? null : "not root",
    interfaces().some((link) => link !== "lo") ? "not in a network namespace of their own" : null,
    statSync("/run").dev === statSync("/").dev ? "no /run of their own" : null,
    // A mount namespace has the machine's own /etc, and the engine writes /etc/netns.
    statSync("/etc").dev === statSync("/run").dev ? null : "no copy of /etc of their own",
    namespaces().length > 0 ? "there are network namespaces already" : null,
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return;
  throw new Error(
    `Kernel tests cannot run here: ${problems.join(", ")}. Run them with npm test, or as root with:\n` +
    "unshare -m -n -p --fork --kill-child --mount-proc sh -c 'mount -t tmpfs tmpfs /run && cp -a /etc /run/etc && rm -rf /run/etc/netns && mount --bind /run/etc /etc && ip link set lo up && npx vitest run --project kernel'",
  );
}

function namespaces(): string[] {
  try {
    return readdirSync("/run/netns");
  } catch {
    return [];
  }
}

/** Links of this network namespace; /sys shows those of the namespace it was mounted in. */
const interfaces = (): string[] =>
  readFileSync("/proc/self/net/dev", "utf8").split("\n").slice(2).flatMap((line) => line.split(":")[0]?.trim() || []);
