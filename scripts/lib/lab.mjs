import { agentCommand, agentIsConnected, agentSignalTarget, ensureEnrolled } from "./agent-process.mjs";
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
 * `start()` resolves with a one-time sign-in link when the agent is connected.
 */
export function createLab({ mode, host, port, variant }) {
  const record = { up: identify(process.pid), server: null, agent: null, url: null, mode };
  const remember = (part) => (identity) => {
    record[part] = identity;
    writeRunRecord(record);
  };
  let connected = false;
  let signIn = null;

  makeDataDirs();
  makePrivateDir(SERVER_DATA_DIR, owner());
  const server = supervise("server", {
    command: () => serverCommand({ host, port, variant }),
    onLine: (line) => {
      const ready = readReadyLine(line);
      if (ready === null) return line;
      ({ url: record.url, signIn } = ready);
      return `ready at ${ready.url}`;
    },
    onStart: remember("server"),
    say: announce,
  });
  const agent = supervise("agent", {
    command: () => agentCommand(mode),
    onLine: (line) => {
      connected ||= agentIsConnected(line);
      return line;
    },
    onStart: remember("agent"),
    signalTarget: (pid) => agentSignalTarget(mode, pid),
    say: announce,
  });

  return {
    server,
    agent,
    async start() {
      await step("Server", async (say) => {
        say("preparing the database");
        server.start();
        await until(() => record.url !== null, server, "server");
      });
      await step(`Agent (${mode})`, async () => {
        const note = await ensureEnrolled(mode);
        agent.start();
        await until(() => connected, agent, "agent");
        return note;
      });
      return signIn;
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
