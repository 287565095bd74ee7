import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./imports";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

function run(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: ROOT, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

describe("the lock file", () => {
  it("names no registry: everybody installs from the one that they use", () => {
    const tracked = run("git", "-c", `safe.directory=${ROOT}`, "ls-files", "*package-lock.json").output.split("\n").filter(Boolean);
    expect(tracked).toContain("package-lock.json");
    for (const path of tracked) expect(read(path)).not.toMatch(/"resolved": "http/);
  });

  it("is the one that npm ci accepts: every dependency of every package is in it", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Record<string, unknown>> };
    for (const path of ["", "apps/agent", "apps/web", "packages/shared"]) {
      const manifest = JSON.parse(read(join(path, "package.json"))) as Record<string, unknown>;
      for (const field of ["dependencies", "devDependencies"]) expect(packages[path]?.[field], `${path || "."} ${field}`).toEqual(manifest[field]);
    }
  });
});

describe("packages", () => {
  const MANIFESTS = ["", "apps/agent", "apps/cli", "apps/web", "packages/shared"];
  const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { version?: string; hasInstallScript?: boolean; integrity?: string; link?: boolean }> };
  const numbers = (version: string) => version.split("-")[0]?.split(".").map(Number) ?? [];
  /** Below zero when `a` is older than `b`. */
  const compare = (a: string, b: string) => numbers(a).map((number, i) => number - (numbers(b)[i] ?? 0)).find((difference) => difference !== 0) ?? 0;

  it("are pinned to one version each, and what is installed is what was locked", () => {
    for (const path of MANIFESTS) {
      const manifest = JSON.parse(read(join(path, "package.json"))) as Record<string, Record<string, string> | undefined>;
      for (const [name, version] of ["dependencies", "devDependencies", "overrides"].flatMap((field) => Object.entries(manifest[field] ?? {}))) {
        if (!name.startsWith("@vpclab/")) expect(version, `${path || "."} ${name}`).toMatch(/^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/);
      }
    }
    const unlocked = Object.entries(lock.packages).filter(([path, { integrity, link }]) => path.includes("node_modules/") && !link && !integrity?.startsWith("sha512-"));
    expect(unlocked.map(([path]) => path)).toEqual([]);
  });

  it("run a script of their own when they are installed only where we said whether they may", () => {
    const { allowScripts } = JSON.parse(read("package.json")) as { allowScripts: Record<string, boolean> };
    const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.split("node_modules/").at(-1) ?? "");
    expect(scripted.length).toBeGreaterThan(0);
    expect(scripted.filter((name) => !(name in allowScripts))).toEqual([]);
    // esbuild's only checks that its program starts.
    expect(Object.entries(allowScripts).filter(([, allowed]) => allowed)).toEqual([["esbuild", true]]);
  });

  // ws: disclosure in close() and exhaustion by fragments, May 2026. next and react: CVE-2025-55182, CVE-2025-66478.
  it.each([["ws", "8.21.0"], ["next", "16.0.7"], ["react", "19.2.1"], ["react-dom", "19.2.1"]])("%s is at least %s, wherever it is", (name, least) => {
    const versions = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`)).map(([, { version }]) => version ?? "");
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) expect(compare(version, least), version).toBeGreaterThanOrEqual(0);
  });
});

describe("docker-compose.yml", () => {
  const compose = read("docker-compose.yml");

  it("passes the linter", () => {
    const { status, output } = run(join(ROOT, "node_modules/.bin/dclint"), "docker-compose.yml", "--max-warnings", "0");
    expect(output).not.toMatch(/error|warning/);
    expect(status).toBe(0);
  });

  it("has no default secret: each is demanded, or is a path", () => {
    const secrets = [...compose.matchAll(/^\s+[A-Z_]*(?:PASSWORD|SECRET|TOKEN|KEY)[A-Z_]*:\s*(\S.*)$/gm)].map((match) => match[1]);
    expect(secrets.length).toBeGreaterThan(0);
    for (const value of secrets) expect(value).toMatch(/^\$\{[A-Z_]+:\?|^\//);
    for (const [, password] of compose.matchAll(/:\/\/[^\s:/@]+:([^@'\n]+)@/g)) expect(password).toMatch(/^\$\{[A-Z_]+:\?/);
  });

  it("gives no service more rights than it needs", () => {
    const services = compose.split(/^networks:/m)[0]?.match(/^ {2}[a-z]+:$/gm) ?? [];
    expect(services).toHaveLength(3);
    const everywhere = ["cap_drop:\n      - ALL", "no-new-privileges:true", "read_only: true"];
    for (const words of everywhere) expect(compose.split(words)).toHaveLength(services.length + 1);
    for (const name of ["pids_limit", "user"]) expect(compose.match(new RegExp(`^ {4}${name}: `, "gm")), name).toHaveLength(services.length);
    // A control group mounted to be written to would be the host's.
    expect(compose).not.toMatch(/privileged: true|docker\.sock|pid: host|\/sys\/fs\/cgroup|cgroup: host|seccomp.?unconfined/);
  });

  it("says why each capability is there", () => {
    const block = /cap_add:\n([\s\S]*?)\n {4}\S/.exec(compose)?.[1] ?? "";
    expect(block).toContain("NET_ADMIN");
    const lines = block.split("\n").map((line) => line.trim());
    expect(lines[0]).toMatch(/^#/);
    // SETUID, SETGID and SETPCAP share one reason.
    const reasons = lines.filter((line) => line.startsWith("#")).length;
    const capabilities = lines.filter((line) => line.startsWith("-")).length;
    expect(capabilities - reasons).toBeLessThanOrEqual(2);
  });

  it("builds from files that are there", () => {
    const files = [...compose.matchAll(/dockerfile: (\S+)/g)].map((match) => match[1] ?? "");
    expect(files).toHaveLength(2);
    for (const path of files) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });
});

/** A password or secret that is written down where it gets its value: as a literal in code, in any form in a compose file. */
const LITERAL = /(?:password|passwd|secret|api[-_]?key)["'`]?\s*[:=]\s*(["'`])[^"'`$\s]{4,}\1/gi;
const SETTING = /(?:password|passwd|secret|token)\w*["']?\s*[:=]\s*["']?[A-Za-z0-9][^\s"'$]{3,}/gi;

describe("credentials", () => {
  it("stand nowhere: no schema, compose file, script, document or source has a default one", () => {
    const files = run("git", "-c", `safe.directory=${ROOT}`, "ls-files", "prisma", "scripts", "docs", "README.md", "docker-compose.yml", "apps", "packages").output
      .split("\n").filter((path) => /\.(ts|tsx|mjs|sql|prisma|md|ya?ml|json)$|Dockerfile$/.test(path) && !/\.test\.ts|\/(testing|test|e2e)\//.test(path) && existsSync(join(ROOT, path)));
    expect(files.length).toBeGreaterThan(200);
    const patternOf = (path: string) => (/\.ya?ml$|Dockerfile$/.test(path) ? SETTING : LITERAL);
    expect(files.flatMap((path) => [...read(path).matchAll(patternOf(path))].map(([text]) => `${path}: ${text}`))).toEqual([]);
    expect(["POSTGRES_PASSWORD: changeme".match(SETTING), `password: "admin123"`.match(LITERAL)]).not.toContain(null);
  });
});

describe("the two commands", () => {
  it(".ci/run runs the same as npm test, and nothing else", () => {
    expect(read(".ci/run")).toMatch(/^exec npm test$/m);
    expect(JSON.parse(read("package.json"))).toMatchObject({
      scripts: { up: "node scripts/up.mjs", down: "node scripts/down.mjs", dev: "node scripts/dev.mjs", test: "node scripts/test.mjs", bench: "node scripts/bench.mjs" },
    });
  });

  it("start without npm packages: their scripts import nothing but Node and each other", () => {
    const scripts = run("git", "-c", `safe.directory=${ROOT}`, "ls-files", "scripts").output.split("\n").filter((path) => path.endsWith(".mjs"));
    expect(scripts.length).toBeGreaterThan(10);
    for (const path of scripts) {
      const foreign = [...read(path).matchAll(/^import .*from "([^"]+)"/gm)].map((match) => match[1]).filter((name) => !/^node:|^\.\.?\//.test(name ?? ""));
      expect(foreign, path).toEqual([]);
    }
  });
});
