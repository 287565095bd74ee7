import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AGENT_BUNDLE } from "./build-app.mjs";
import { childEnvironment } from "./child-environment.mjs";
import { agentSocketPath, DATA_DIR, JOIN_TOKEN_FILE } from "./paths.mjs";
import { childrenOf } from "./process-identity.mjs";
import { UserError } from "./progress.mjs";
import { readStamp, writeStamp } from "./stamp.mjs";
import { unshareCommand } from "./user-namespaces.mjs";

/** Root's agent and an ordinary user's have state of their own: neither may read the other's. */
export const agentStateDir = (mode) => join(DATA_DIR, `agent-${mode}`);
const serverUrl = () => `ws+unix://${agentSocketPath()}:/agent`;

const agentArgs = (command, mode, ...more) => [AGENT_BUNDLE, command, "--state", agentStateDir(mode), "--mode", mode, ...more];

/**
 * The agent may do what it does only inside namespaces of its own when it is not root: user, network, mounts and processes.
 * They end with it, so a rootless sandbox cannot be left behind.
 */
function command(mode, args) {
  const options = { env: childEnvironment() };
  if (mode !== "rootless") return { file: process.execPath, args, options };
  const [file, ...rest] = [...unshareCommand(), "sh", "-c", 'mount -t tmpfs tmpfs /run && exec "$@"', "sh", process.execPath, ...args];
  return { file, args: rest, options };
}

export const agentCommand = (mode) => command(mode, agentArgs("run", mode, "--url", serverUrl()));

/** Rootless, the process that we start is `unshare`, which lives as long as its child and takes no signals: the child is the agent. */
export const agentSignalTarget = (mode, pid) => (mode === "rootless" ? childrenOf(pid)[0] ?? pid : pid);

/** The agent's log line after the server has proved who it is. */
export function agentIsConnected(line) {
  if (!line.startsWith("{")) return false;
  try {
    return JSON.parse(line).msg?.startsWith("connected to") === true;
  } catch {
    return false;
  }
}

const NETNS_DIR = "/run/netns";
const netnsNames = () => (existsSync(NETNS_DIR) ? readdirSync(NETNS_DIR) : []);

function runAgent(mode, args, stdin = "") {
  const { file, args: rest, options } = command(mode, args);
  return new Promise((resolve, reject) => {
    const child = execFile(file, rest, options, (error, stdout, stderr) => {
      if (error) reject(new UserError(`The agent could not do “${args[1]}”: ${(stderr || error.message).trim()}`));
      else resolve(stdout.trim());
    });
    child.stdin.end(stdin);
  });
}

/**
 * Makes the agent known to the server when it is not, or when it is known to another one: after a change between root and
 * rootless, of the database, or of the server's key. The token comes from the server by a file and goes on by a pipe.
 */
export async function ensureEnrolled(mode) {
  const token = readFileSync(JOIN_TOKEN_FILE, "utf8");
  const serverKey = token.split(".")[1];
  const wanted = createHash("sha256").update([mode, serverKey, process.env.DATABASE_URL ?? ""].join("\n")).digest("hex");
  const state = agentStateDir(mode);
  const enrolled = existsSync(join(state, "enrolment.json"));
  if (enrolled && readStamp("enrolled", DATA_DIR) === wanted) return "known to the server";
  if (enrolled) await runAgent(mode, agentArgs("purge", mode, "--forget"));
  mkdirSync(state, { recursive: true, mode: 0o700 });
  await runAgent(mode, agentArgs("enrol", mode, "--url", serverUrl()), token);
  writeStamp("enrolled", wanted, DATA_DIR);
  return "enrolled";
}

/**
 * Removes what a crashed agent has left in the kernel. Answers with the names of the namespaces that are gone. A rootless
 * agent leaves nothing, because its namespaces ended with it.
 */
export async function purgeAgent() {
  const state = agentStateDir("sandbox");
  if (process.getuid() !== 0 || !existsSync(AGENT_BUNDLE) || !existsSync(join(state, "enrolment.json"))) return [];
  const before = netnsNames();
  await runAgent("sandbox", agentArgs("purge", "sandbox"));
  const after = new Set(netnsNames());
  return before.filter((name) => !after.has(name));
}
