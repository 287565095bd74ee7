import { spawn } from "node:child_process";
import { lines } from "./lines.mjs";
import { openLog } from "./owned-file.mjs";
import { ROOT } from "./paths.mjs";
import { identify } from "./process-identity.mjs";

const BACKOFF_MS = [500, 1000, 2000, 5000, 10_000, 30_000];
/** After this long without a crash the next one counts as the first again. */
const HEALTHY_AFTER_MS = 60_000;
const LAST_LINES = 20;

/**
 * Keeps one long-running program alive: it is started again when it ends by itself, later each time, and each time with a
 * line from `say`.
 *
 * @param {string} name
 * @param {object} parts
 * @param {() => { file: string, args: string[], options?: import("node:child_process").SpawnOptions }} parts.command
 *   asked anew for each start
 * @param {(line: string) => string | void} [parts.onLine] each line of its output; may answer with what the log gets instead
 * @param {(identity: { pid: number, startTime: string | null, bootId: string } | null) => void} [parts.onStart]
 *   who runs now, null when nobody does
 * @param {(text: string) => void} parts.say
 * @param {(pid: number) => number} [parts.signalTarget] who gets our signals, when not the process that we started
 */
export function supervise(name, { command, onLine = () => {}, onStart = () => {}, say, signalTarget = (pid) => pid }) {
  const log = openLog(name);
  let child = null;
  let stopping = false;
  let crashes = 0;
  let restart = null;
  let wake = () => {};
  const last = [];

  function keep(line) {
    log.stream.write(`${line}\n`);
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  }

  const take = (line) => keep(onLine(line) ?? line);

  function start() {
    restart = null;
    const startedAt = Date.now();
    const { file, args, options } = command();
    // A process group of its own: Ctrl-C in the terminal reaches only us, and we stop the parts in order.
    child = spawn(file, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
    log.stream.write(`--- ${new Date().toISOString()} ${name} started, pid ${child.pid ?? "none"}\n`);
    lines(child.stdout, take);
    lines(child.stderr, take);
    let failure = null;
    child.once("error", (error) => { failure = error.message; });
    child.once("close", (code, signal) => {
      const how = failure ?? (signal ? `ended by ${signal}` : `exit code ${code}`);
      log.stream.write(`--- ${new Date().toISOString()} ${name} ended: ${how}\n`);
      child = null;
      onStart(null);
      wake();
      if (stopping) return;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) crashes = 0;
      const delayMs = BACKOFF_MS[Math.min(crashes, BACKOFF_MS.length - 1)];
      crashes += 1;
      say(`The ${name} has stopped (${how}). Starting it again in ${delayMs / 1000} s. Log: ${log.path}`);
      restart = setTimeout(start, delayMs);
    });
    if (child.pid !== undefined) onStart(identify(child.pid));
  }

  const send = (signal) => {
    if (child?.pid === undefined) return;
    try {
      process.kill(signalTarget(child.pid), signal);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  };

  return {
    start,
    logPath: log.path,
    /** How often it ended by itself since it was last healthy. */
    failedStarts: () => crashes,
    lastLines: () => last.join("\n"),
    running: () => child !== null,
    /** Ends it now and starts it again, without counting it as a crash. */
    async replace(timeoutMs) {
      await this.stop(timeoutMs);
      stopping = false;
      start();
    },
    /** Asks it to end, and ends it by force after `timeoutMs`. Resolves with how it went. */
    async stop(timeoutMs) {
      stopping = true;
      clearTimeout(restart);
      if (child === null) return "was not running";
      const gone = new Promise((resolve) => { wake = () => resolve(true); });
      const late = new Promise((resolve) => { setTimeout(() => resolve(false), timeoutMs).unref(); });
      send("SIGTERM");
      if (await Promise.race([gone, late])) return "stopped";
      send("SIGKILL");
      await gone;
      return `did not stop within ${timeoutMs / 1000} s and was ended`;
    },
    /** SIGKILL, now. */
    kill() {
      stopping = true;
      clearTimeout(restart);
      send("SIGKILL");
    },
  };
}
