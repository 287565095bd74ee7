import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateClient } from "./lib/generate-client.mjs";
import { installModules } from "./lib/install-modules.mjs";
import { checkNode } from "./lib/node-version.mjs";
import { bold, dim, green, main, red, seconds, step, UserError, yellow } from "./lib/progress.mjs";
import { AGENT_PACKAGES, BROWSER_PACKAGES, DATABASE_PACKAGES, ensurePackages, WALKTHROUGH_PACKAGES } from "./lib/system-packages.mjs";
import { header } from "./lib/test/console.mjs";
import { count, sum } from "./lib/test/counts.mjs";
import { LEVELS } from "./lib/test/levels.mjs";
import { schedule } from "./lib/test/schedule.mjs";

/** Levels at once: what a small machine carries, because the levels that wait much run several of their files at once. */
const WIDTH = 2;
const strict = process.env.CI === "true";

/** Levels named on the command line with the ones they build on, or all. */
function chosenLevels(names) {
  const unknown = names.filter((name) => !LEVELS.some((level) => level.name === name));
  if (unknown.length > 0) throw new UserError(`No such level: ${unknown.join(", ")}. There are: ${LEVELS.map((level) => level.name).join(", ")}.`);
  if (names.length === 0) return LEVELS;
  const wanted = new Set(names);
  if (wanted.has("browser") || wanted.has("system")) wanted.add("build");
  return LEVELS.filter((level) => wanted.has(level.name));
}

/** Runs one level. One that cannot run here is a failure under CI=true and a loud skip elsewhere. */
async function runLevel(level, context, results) {
  const started = Date.now();
  const finish = (counts) => results.set(level.name, { ...counts, ms: Date.now() - started });
  header(level.name, level.what);
  const broken = level.needs.filter((name) => (results.get(name)?.failed ?? 0) > 0 && name === "build");
  if (broken.length > 0) return finish(count(0, 1, 0, [`${level.name}: not run, because ${broken.join(", ")} failed`]));
  const obstacle = level.obstacle?.() ?? null;
  if (obstacle !== null) {
    console.log(`${yellow(`${level.name} CANNOT RUN HERE`)}: ${obstacle}`);
    const notes = [`${level.name}: cannot run here, ${obstacle}`];
    return finish(strict ? count(0, 1, 0, notes) : count(0, 0, 1, notes));
  }
  try {
    finish(await level.run(context));
  } catch (error) {
    finish(count(0, 1, 0, [`${level.name}: ${error instanceof UserError ? error.message : error.stack}`]));
  }
}

function printTable(levels, results) {
  console.log(`\n${bold("level".padEnd(14))}${["passed", "failed", "skipped", "time"].map((title) => bold(title.padStart(13))).join("")}`);
  for (const { name } of levels) {
    const { passed, failed, skipped, ms } = results.get(name);
    const mark = failed > 0 ? red("✗") : skipped > 0 && passed === 0 ? yellow("!") : green("✓");
    console.log(`${mark} ${name.padEnd(12)}${[passed, failed, skipped, seconds(ms)].map((cell) => String(cell).padStart(13)).join("")}`);
  }
}

await main(async () => {
  const started = Date.now();
  const levels = chosenLevels(process.argv.slice(2));
  const needs = (...names) => levels.some((level) => names.includes(level.name));
  checkNode();
  const packages = {
    ...(needs("kernel", "vpcctl", "prove", "torture", "system") ? AGENT_PACKAGES : {}),
    ...(needs("server") ? DATABASE_PACKAGES : {}),
    ...(needs("browser", "system") ? BROWSER_PACKAGES : {}),
    ...(needs("vpcctl") ? WALKTHROUGH_PACKAGES : {}),
  };
  await step("System packages", async (say) => {
    try {
      return await ensurePackages(packages, say);
    } catch (error) {
      if (strict || !(error instanceof UserError)) throw error;
      return `${error.message}\n  Going on without: the levels that need them are skipped.`;
    }
  });
  await step("npm packages", installModules);
  await step("Database client", generateClient);

  const reports = mkdtempSync(join(tmpdir(), "vpclab-test-"));
  const results = new Map();
  await schedule(levels, WIDTH, (level) => runLevel(level, { reports }, results));
  rmSync(reports, { recursive: true, force: true });

  const total = sum([...results.values()]);
  printTable(levels, results);
  if (total.notes.length > 0) console.log(`\n${total.notes.map((note) => `  ${note}`).join("\n")}`);
  console.log(`\n${dim(`Took ${seconds(Date.now() - started)}.`)}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 ? 1 : 0;
});
