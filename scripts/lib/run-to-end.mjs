import { spawn } from "node:child_process";
import { lines } from "./lines.mjs";
import { openLog } from "./owned-file.mjs";
import { ROOT } from "./paths.mjs";
import { UserError } from "./progress.mjs";

const TAIL_LINES = 25;

/**
 * Runs a program to its end without a shell. Output goes to `<data>/logs/<log>.log`; `onLine` sees each line.
 * Rejects with the last lines of the output and the path of the log.
 */
export function runToEnd(file, args, { log, onLine = () => {}, ...options }) {
  const { path: logPath, stream: sink } = openLog(log);
  const tail = [];
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], ...options });
    const take = (line) => {
      sink.write(`${line}\n`);
      if (line.trim() !== "") onLine(line.trim());
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
    };
    lines(child.stdout, take);
    lines(child.stderr, take);
    child.on("error", (error) => reject(new UserError(`${file} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      sink.end();
      if (code === 0) return resolve();
      const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
      reject(new UserError(`${file} ${args.join(" ")} ${how}.\n\n${tail.join("\n")}\n\nThe whole output: ${logPath}`));
    });
  });
}
