import { rmSync } from "node:fs";
import { purgeAgent } from "./agent-process.mjs";
import { agentSocketPath } from "./paths.mjs";
import { isAlive, signalProcess, waitUntilGone } from "./process-identity.mjs";
import { UserError } from "./progress.mjs";
import { readRunRecord, removeRunRecord } from "./run-record.mjs";

const STOP_MS = 20_000;

/**
 * Ends what a crashed `up` left behind: processes by pid and start time (never by name), the sandbox by the agent's own
 * purge, sockets. Answers with one line per thing that was removed.
 */
export async function removeLeftovers() {
  const removed = [];
  const record = readRunRecord();
  for (const [what, identity] of [["the agent", record?.agent], ["the server", record?.server]]) {
    if (identity && (await endProcess(what, identity))) removed.push(`${what} (process ${identity.pid})`);
  }
  removed.push(...(await purgeAgent()).map((name) => `network namespace ${name}`));
  rmSync(agentSocketPath(), { force: true });
  removeRunRecord();
  return removed;
}

async function endProcess(what, identity) {
  if (!isAlive(identity)) return false;
  try {
    signalProcess(identity, "SIGTERM");
    if (await waitUntilGone(identity, STOP_MS)) return true;
    signalProcess(identity, "SIGKILL");
  } catch (error) {
    if (error.code === "EPERM") throw new UserError(`${what} (process ${identity.pid}) belongs to another user. Run: sudo npm run down`);
    throw error;
  }
  return waitUntilGone(identity, STOP_MS);
}
