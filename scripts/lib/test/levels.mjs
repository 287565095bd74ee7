import { join } from "node:path";
import { buildApp } from "../build-app.mjs";
import { ROOT } from "../paths.mjs";
import { childEnvironment } from "../child-environment.mjs";
import { chromiumPath, postgresBinDir } from "../system-packages.mjs";
import { showLine, stream } from "./console.mjs";
import { count, eslintCounts, noteOf, playwrightCounts, sum, vitestCounts } from "./counts.mjs";
import { inPrivateNamespaces, namespaceObstacle } from "./private-namespaces.mjs";

const PACKAGES = ["packages/shared", "apps/agent", "apps/web", "apps/cli"];
const bin = (name) => join(ROOT, "node_modules/.bin", name);

const environment = (more = {}) => childEnvironment({ NO_COLOR: "1", ...more });

async function lint() {
  const { exitCode, stdout } = await stream("lint", bin("eslint"), [".", "--format", "json"], { quiet: true, env: environment() });
  return eslintCounts(stdout, exitCode, [...PACKAGES, "."], ROOT);
}

async function types() {
  const counts = [];
  for (const name of [...PACKAGES, "."]) {
    const { exitCode } = await stream("types", bin("tsc"), ["--noEmit", "-p", name], { env: environment() });
    counts.push(exitCode === 0 ? count(1, 0, 0) : count(0, 1, 0, [`types: ${name}`]));
  }
  return sum(counts);
}

async function build() {
  try {
    await buildApp(showLine("build"));
    return count(1, 0, 0);
  } catch (error) {
    return count(0, 1, 0, [`build: ${error.message}`]);
  }
}

/** Runs vitest in one folder; `wrap` puts the command into namespaces, `args` choose the tests. */
async function vitest(level, folder, context, { args = [], wrap = (...command) => command, env = {} } = {}) {
  const report = join(context.reports, `${level}-${folder.replaceAll("/", "-")}.json`);
  const [file, ...rest] = wrap(
    process.execPath, join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--root", join(ROOT, folder),
    "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...args,
  );
  const { exitCode } = await stream(level, file, rest, { env: environment(env) });
  return vitestCounts(report, exitCode, `${level} ${folder}`);
}

async function playwright(level, context, { args, wrap = (...command) => command }) {
  const report = join(context.reports, `${level}.json`);
  const [file, ...rest] = wrap(
    process.execPath, join(ROOT, "node_modules/@playwright/test/cli.js"), "test", "--reporter=list,json", ...args,
  );
  const { exitCode } = await stream(level, file, rest, {
    cwd: join(ROOT, "apps/web"),
    env: environment({ CHROMIUM_PATH: chromiumPath() ?? "", PLAYWRIGHT_JSON_OUTPUT_FILE: report }),
  });
  return playwrightCounts(report, exitCode, level);
}

const CONTRACT = "src/testing/kernel-contract.test.ts";

async function unit(context) {
  return sum([
    await vitest("unit", "packages/shared", context, { args: ["--exclude", `**/${CONTRACT}`] }),
    await vitest("unit", "apps/agent", context, { args: ["--project", "unit"] }),
    await vitest("unit", "apps/web", context, { args: ["--project", "unit"] }),
    await vitest("unit", "apps/cli", context, { args: ["--project", "unit"] }),
    await vitest("unit", ".", context, { args: ["test/scripts"] }),
  ]);
}

const contract = (context) => vitest("contract", "packages/shared", context, { args: [CONTRACT] });
const architecture = (context) => vitest("architecture", ".", context, { args: ["--exclude", "test/scripts/**"] });
const kernel = (context) => vitest("kernel", "apps/agent", context, { args: ["--project", "kernel"], wrap: inPrivateNamespaces });
const vpcctl = (context) => vitest("vpcctl", "apps/cli", context, { args: ["--project", "kernel"], wrap: inPrivateNamespaces });
async function server(context) {
  const counts = [];
  // One after the other: each starts databases of its own.
  for (const folder of ["apps/web", "apps/cli"]) counts.push(await vitest("server", folder, context, { args: ["--project", "server*"] }));
  return sum(counts);
}
const browser = (context) => playwright("browser", context, { args: ["--project", "browser"] });
const system = (context) => playwright("system", context, { args: ["--project", "system"], wrap: inPrivateNamespaces });

/** One run of a tool of its own on the real kernel, in namespaces of its own; what it printed last is its note when it fails. */
async function tool(level, program, options) {
  const [file, ...args] = inPrivateNamespaces(process.execPath, "--import", "tsx", program, ...options);
  const { exitCode, last } = await stream(level, file, args, { env: environment() });
  return exitCode === 0 ? count(1, 0, 0) : count(0, 1, 0, [noteOf(`${level}: npm run ${level} -- ${options.join(" ")}`, last.join("\n"))]);
}

const freshSeed = () => String(Math.floor(Math.random() * 2 ** 31));

/** A fixed seed finds what broke, a fresh one what nobody has tried yet; it is named, so that it can be tried again. */
async function prove() {
  const size = ["--topologies", "25", "--edits", "3"];
  return sum([await tool("prove", "prove/run.ts", [...size, "--seed", "1"]), await tool("prove", "prove/run.ts", [...size, "--seed", freshSeed()])]);
}

const torture = () => tool("torture", "torture/run.ts", ["--kills", "30", "--agent-kills", "1", "--schedules", "10", "--seed", freshSeed()]);

const hostile = () => tool("hostile", "hostile/run.ts", ["--jobs", "3000", "--kernel-jobs", "100", "--agent-jobs", "300", "--mutations", "20000", "--seed", freshSeed()]);

const needsChromium = () => (chromiumPath() === null ? "chromium is not installed" : null);
const needsPostgres = () => (postgresBinDir() === null ? "postgresql is not installed" : null);

/**
 * All levels in the order of the final table.
 * needs: levels whose work it builds on, or with which it would share an output folder and a browser's appetite · seconds: about how long it takes beside another, to choose what begins · obstacle: why it cannot run here, or null
 */
export const LEVELS = [
  { name: "lint", what: "ESLint over everything", needs: [], seconds: 65, run: lint },
  { name: "types", what: "tsc per package", needs: [], seconds: 60, run: types },
  { name: "unit", what: "pure code, beside its source", needs: [], seconds: 150, run: unit },
  { name: "contract", what: "the table that every kernel must pass, on the model", needs: [], seconds: 2, run: contract },
  { name: "architecture", what: "arrows between folders, lock file, compose file", needs: [], seconds: 5, run: architecture },
  { name: "kernel", what: "real namespaces, judged by packets", needs: [], seconds: 260, obstacle: namespaceObstacle, run: kernel },
  { name: "vpcctl", what: "the built program on real namespaces: walk-throughs, and what broke in the tools before", needs: [], seconds: 300, obstacle: namespaceObstacle, run: vpcctl },
  { name: "prove", what: "random topologies: packets do what the analysis says", needs: [], seconds: 65, obstacle: namespaceObstacle, run: prove },
  { name: "torture", what: "killed at random side effects, and cut off on its way to the server, it converges and leaves nothing", needs: [], seconds: 220, obstacle: namespaceObstacle, run: torture },
  { name: "hostile", what: "a server with the valid key gets no further than the policy lets it", needs: [], seconds: 25, obstacle: namespaceObstacle, run: hostile },
  { name: "server", what: "real PostgreSQL and the embedded database", needs: [], seconds: 400, obstacle: needsPostgres, run: server },
  { name: "build", what: "server, pages, agent and vpcctl", needs: ["types"], seconds: 30, run: build },
  { name: "browser", what: "headless Chromium on a real server", needs: ["build"], seconds: 300, obstacle: needsChromium, run: browser },
  { name: "system", what: "browser, server, agent and real packets", needs: ["build", "browser"], seconds: 80, obstacle: () => needsChromium() ?? namespaceObstacle(), run: system },
];
