import { spawn } from "node:child_process";
import { join } from "node:path";
import { inPrivateNamespaces } from "./private-namespaces.mjs";

/**
 * A test file's process (vitest's own entry point for forks) in private namespaces of its own: several files run side by side,
 * with the same names, and none sees what another has made or left. What is left of a file goes with its namespaces.
 */
class NamespaceWorker {
  name = "namespaces";
  cacheFs = true;
  #process = null;

  constructor(options) {
    this.options = options;
  }

  on(event, callback) {
    this.#process.on(event, callback);
  }

  off(event, callback) {
    this.#process.off(event, callback);
  }

  send(message) {
    this.#process.send(message);
  }

  async start() {
    const { distPath, env, execArgv, project } = this.options;
    const [file, ...args] = inPrivateNamespaces(process.execPath, ...execArgv, join(distPath, "workers/forks.js"));
    this.#process ??= spawn(file, args, { env, stdio: ["pipe", "pipe", "pipe", "ipc"], serialization: "advanced" });
    // Passed on by hand: a pipe would add listeners to the logger's streams for every file.
    this.#process.stdout.on("data", (text) => project.vitest.logger.outputStream.write(text));
    this.#process.stderr.on("data", (text) => project.vitest.logger.errorStream.write(text));
  }

  /** The worker has done its work, so nothing of it is lost; with the first process the kernel ends all of its namespaces. */
  async stop() {
    const child = this.#process;
    const gone = new Promise((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once("exit", resolve)));
    child.kill("SIGKILL");
    await gone;
    this.#process = null;
  }

  deserialize(data) {
    return data;
  }
}

/** For `pool` of a vitest configuration. */
export const namespacePool = { name: "namespaces", createPoolWorker: (options) => new NamespaceWorker(options) };
