import { agentCommand, agentIsConnected, agentSignalTarget, enrolAgent, isEnrolled } from "./agent-process.mjs";
import { makeDataDirs, makePrivateDir, SERVER_DATA_DIR } from "./paths.mjs";
import { owner } from "./privileges.mjs";
import { identify } from "./process-identity.mjs";
import { announce, step, UserError } from "./progress.mjs";
import { removeRunRecord, writeRunRecord } from "./run-record.mjs";
import { readReadyLine, serverCommand } from "./server-process.mjs";
import { supervise } from "./supervise.mjs";

const READY_TIMEOUT_MS = 120_000;
/** A teardown of a full sandbox takes seconds; more than this means that it hangs. */
const AGENT_STOP_MS = 30_000;
const SERVER_STOP_MS = 15_000;
const FAILED_STARTS_MAX = 3;

/**
 * Server and local agent, kept alive. `variant` is "built" or "dev", `mode` "sandbox" or "rootless".
 * `start()` resolves with the server's address when the agent is connected.
 */
export function createLab({ mode, host, port, variant }) {
  const record = { up: identify(process.pid), server: null, agent: null, url: null, mode };
  const remember = (part) => (identity) => {
    record[part] = identity;
    writeRunRecord(record);
  };
  let connected = false;

  makeDataDirs();
  makePrivateDir(SERVER_DATA_DIR, owner());
  const server = supervise("server", {
    command: () => serverCommand({ host, port, variant }),
    onLine: (line) => { record.url = readReadyLine(line)?.url ?? record.url; },
    onStart: remember("server"),
    say: announce,
  });
  const agent = supervise("agent", {
    command: () => agentCommand(mode),
    onLine: (line) => { connected ||= agentIsConnected(line); },
    onStart: remember("agent"),
    signalTarget: (pid) => agentSignalTarget(mode, pid),
    say: announce,
  });

  return {
    agent,
    async start() {
      await step("Server", async (say) => {
        say("preparing the database");
        server.start();
        await until(() => record.url !== null, server, "server");
      });
      if (!isEnrolled(mode)) await step("Enrolling the agent", () => enrolAgent(mode));
      await step(`Agent (${mode})`, async () => {
        agent.start();
        await until(() => connected, agent, "agent");
      });
      writeRunRecord(record);
      return record.url;
    },
    /** The agent first: it takes the sandbox down and can still report it. */
    async stop() {
      await step("Stopping the agent", () => agent.stop(AGENT_STOP_MS));
      await step("Stopping the server", () => server.stop(SERVER_STOP_MS));
      removeRunRecord();
    },
    kill() {
      agent.kill();
      server.kill();
    },
  };
}

/** Waits for `condition()`. Gives up when the program that should make it true keeps failing, or takes too long. */
async function until(condition, part, name) {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!condition()) {
    const given = part.failedStarts() >= FAILED_STARTS_MAX ? "does not start" : Date.now() > deadline ? `was not ready after ${READY_TIMEOUT_MS / 1000} s` : null;
    if (given !== null) throw new UserError(`The ${name} ${given}. Its last words:\n\n${part.lastLines()}\n\nThe whole log: ${part.logPath}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
