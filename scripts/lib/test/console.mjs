import { spawn } from "node:child_process";
import { lines } from "../lines.mjs";
import { ROOT } from "../paths.mjs";
import { bold, dim } from "../progress.mjs";

/** Prints a line with the name of its level before it: two levels may run at once. */
export const showLine = (level) => (line) => console.log(`${dim(`${level.padEnd(12)}│`)} ${line}`);

const LAST_LINES = 8;

/**
 * Runs a program of a level and streams its output.
 * Resolves to {exitCode, stdout, last: its last lines}; `quiet` collects standard output instead of showing it.
 */
export function stream(level, file, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], ...options });
    const last = [];
    const print = showLine(level);
    const show = (line) => {
      print(line);
      if (last.push(line) > LAST_LINES) last.shift();
    };
    let stdout = "";
    if (quiet) child.stdout.setEncoding("utf8").on("data", (chunk) => { stdout += chunk; });
    else lines(child.stdout, show);
    lines(child.stderr, show);
    child.on("error", (error) => { show(error.message); resolve({ exitCode: 127, stdout, last }); });
    child.on("close", (code, signal) => resolve({ exitCode: code ?? (signal ? 128 : 1), stdout, last }));
  });
}

export const header = (name, text) => console.log(`\n${bold(`── ${name}`)} ${dim(text)}`);
