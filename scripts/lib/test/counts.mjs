import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** How a level ended: {passed, failed, skipped, notes: lines shown again at the end}. */
export const count = (passed, failed, skipped, notes = []) => ({ passed, failed, skipped, notes });

export const sum = (counts) => counts.reduce(
  (total, one) => count(total.passed + one.passed, total.failed + one.failed, total.skipped + one.skipped, [...total.notes, ...one.notes]),
  count(0, 0, 0),
);

/** A report that is missing or empty, or an exit code that no test explains, is a failure: green must mean that something ran. */
function honest(found, exitCode, what) {
  if (exitCode !== 0 && found.failed === 0) return { ...found, failed: 1, notes: [...found.notes, `${what}: exit code ${exitCode}`] };
  if (found.passed + found.failed === 0) return { ...found, failed: 1, notes: [...found.notes, `${what}: no test ran`] };
  return found;
}

const readReport = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
};

const REASON_LINES_MAX = 8;

/** A note with the first lines of why beneath it: who sees only the end of a run sees that. */
export function noteOf(what, text = "") {
  const why = stripVTControlCharacters(text).split("\n").filter((line) => line.trim() !== "").slice(0, REASON_LINES_MAX);
  return [what, ...why.map((line) => `    ${line.slice(0, 300)}`)].join("\n");
}

/** Counts of vitest's json reporter. */
export function vitestCounts(path, exitCode, what) {
  const report = readReport(path);
  if (report === null) return count(0, 1, 0, [`${what}: vitest wrote no report (exit code ${exitCode})`]);
  const notes = report.testResults.flatMap((file) => [
    ...file.assertionResults.filter((test) => test.status === "failed").map((test) => noteOf(`${what}: ${test.fullName}`, test.failureMessages?.[0])),
    // A file that could not be loaded has no tests of its own to fail.
    ...(file.status === "failed" && file.assertionResults.length === 0 ? [noteOf(`${what}: ${file.name} could not be loaded`, file.message)] : []),
  ]);
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  return honest(count(report.numPassedTests, report.numFailedTests + broken, skipped, notes), exitCode, what);
}

const errorOf = ({ tests = [] }) => tests.flatMap(({ results }) => results).flatMap(({ errors = [] }) => errors)[0]?.message;

/** Counts of Playwright's json reporter. A test that passed only on a second try counts as failed. */
export function playwrightCounts(path, exitCode, what) {
  const report = readReport(path);
  if (report === null) return count(0, 1, 0, [`${what}: Playwright wrote no report (exit code ${exitCode})`]);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const specs = (suite) => [...suite.specs, ...(suite.suites ?? []).flatMap(specs)];
  const notes = report.suites.flatMap(specs).filter((spec) => !spec.ok).map((spec) => noteOf(`${what}: ${spec.title}`, errorOf(spec)));
  return honest(count(expected, unexpected + flaky, skipped, notes), exitCode, what);
}

/** One test per package, from ESLint's json output: a package fails when one of its files has an error. The errors are its notes. */
export function eslintCounts(text, exitCode, packages, root) {
  let files;
  try {
    files = JSON.parse(text);
  } catch {
    return count(0, packages.length, 0, [`lint: ESLint did not finish (exit code ${exitCode})`]);
  }
  const packageOf = (file) => packages.find((name) => name !== "." && file.filePath.startsWith(`${root}/${name}/`)) ?? ".";
  const wrong = files.filter((file) => file.errorCount > 0);
  const bad = new Set(wrong.map(packageOf));
  const notes = wrong.flatMap((file) => file.messages.filter((one) => one.severity === 2).map((one) =>
    `lint: ${file.filePath.replace(`${root}/`, "")}:${one.line ?? 0} ${one.message.split("\n")[0]} (${one.ruleId ?? "syntax"})`));
  return count(packages.length - bad.size, bad.size, 0, notes);
}
