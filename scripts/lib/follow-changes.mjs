import { watch } from "node:fs";
import { join } from "node:path";
import { childEnvironment } from "./child-environment.mjs";
import { ROOT } from "./paths.mjs";
import { asOwner } from "./privileges.mjs";
import { announce } from "./progress.mjs";
import { runToEnd } from "./run-to-end.mjs";

const SHARED = "packages/shared/src";
const AGENT = "apps/agent/src";
const SERVER = "apps/web/src/server";
/** Editors write a file in several steps, and save several files at once. */
const QUIET_MS = 300;
const STOP_MS = 30_000;

export async function buildAgent() {
  await runToEnd(process.execPath, [join(ROOT, "apps/agent/build.mjs")], { log: "agent-build", ...asOwner(childEnvironment()) });
}

/**
 * Starts the agent (built anew) and the server again when their sources change. Pages need nothing: Next replaces them in
 * the browser. One thing at a time, and a source that does not build leaves the old agent running.
 */
export function followChanges(lab) {
  let work = Promise.resolve();
  const enqueue = (name, task) => {
    work = work.then(task).catch((error) => announce(`${name}: ${error.message}`));
  };
  const restartAgent = () => enqueue("agent", async () => {
    await buildAgent();
    announce("The agent has changed: starting it anew.");
    await lab.agent.replace(STOP_MS);
  });
  const restartServer = () => enqueue("server", async () => {
    announce("The server has changed: starting it anew.");
    await lab.server.replace(STOP_MS);
  });
  onChange([AGENT, SHARED], restartAgent);
  onChange([SERVER, SHARED], restartServer);
}

/** Calls `act` once after a burst of changes below these folders; tests are nobody's source. */
function onChange(folders, act) {
  let timer = null;
  for (const folder of folders) {
    watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
      if (name === null || name.endsWith(".test.ts") || !/\.tsx?$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(act, QUIET_MS);
    }).unref();
  }
}
