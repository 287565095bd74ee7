import { join } from "node:path";
import { agentCommand, agentConnected, agentSignalTarget, enrolAgent } from "./agent-process.mjs";
import { DATA_DIR, makeDataDirs, makePrivateDir, SERVER_DATA_DIR } from "./paths.mjs";
import { identify } from "./process-identity.mjs";
import { owner } from "./privileges.mjs";
import { bold, dim, step, UserError, yellow } from "./progress.mjs";
import { writeRunRecord } from "./run-record.mjs";
import { readyLine, serverCommand } from "./server-process.mjs";
import { requestSignInLink } from "./sign-in.mjs";
import { supervise } from "./supervise.mjs";

const READY_TIMEOUT_MS = 120_000;
/** A teardown of a full sandbox takes seconds; more than this means that it hangs. */
const AGENT_STOP_MS = 30_000;
const SERVER_STOP_MS = 10_000;

export const say = (text) => console.log(`${dim(new Date().toLocaleTimeString("en-GB"))} ${yellow(text)}`);

/** Waits for `condition()`; gives up when the program that should make it true keeps failing, or takes too long. */
async function until(condition, part, name) {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!condition()) {
    if (part.failedStarts() >= 3) throw new UserError(`The ${name} does not start. Its log: ${part.logPath}\n\n${part.lastLines()}`);
    if (Date.now() > deadline) throw new UserError(`The ${name} was not ready after ${READY_TIMEOUT_MS / 1000} s. Its log: ${part.logPath}\n\n${part.lastLines()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Starts server and agent and keeps them alive. `variant` is "built" or "dev"; resolves when the agent is connected, with
 * {url, server, agent, stop(), kill()}.
 */
export async function startLab({ mode, host, port, variant }) {
  makeDataDirs();
  makePrivateDir(SERVER_DATA_DIR, owner());
  const record = { up: identify(process.pid), server: null, agent: null, url: `http://${host === "127.0.0.1" ? "localhost" : host}:${port}`, mode, dataDir: DATA_DIR };
  const keep = (part) => (identity) => { record[part] = identity; writeRunRecord(record); };
  let ready = false;
  let connected = false;

  const server = supervise("server", {
    command: () => serverCommand({ host, port, variant }),
    onLine: (line) => { if (readyLine(line)) ready = true; },
    onStart: keep("server"),
    say,
  });
  const agent = supervise("agent", {
    command: () => agentCommand({ mode }),
    onLine: (line) => { if (agentConnected(line)) connected = true; },
    onStart: keep("agent"),
    signalTarget: (pid) => agentSignalTarget(mode, pid),
    say,
  });
  const lab = {
    url: record.url,
    server,
    agent,
    async stop() {
      await step("Stopping the agent", async () => `${await agent.stop(AGENT_STOP_MS)}`);
      await step("Stopping the server", async () => `${await server.stop(SERVER_STOP_MS)}`);
    },
    kill() {
      agent.kill();
      server.kill();
    },
  };
  return lab;
}
