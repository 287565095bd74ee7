import { existsSync } from "node:fs";
import { join } from "node:path";
import { SERVER_BUNDLE } from "./build-app.mjs";
import { childEnvironment } from "./child-environment.mjs";
import { agentSocketPath, JOIN_TOKEN_FILE, ROOT, SERVER_DATA_DIR } from "./paths.mjs";
import { asOwner } from "./privileges.mjs";

const SERVER_SOURCE = join(ROOT, "apps/web/server.ts");

/** Node's arguments for the server of a variant: the bundle, or the source with Next's development server. */
const program = (variant) => (variant === "dev" ? ["--import", "tsx", SERVER_SOURCE] : [SERVER_BUNDLE]);

const settings = (more) => childEnvironment({ DATA_DIR: SERVER_DATA_DIR, ...more });

/** The web server, as the owner of the checkout: it never needs root. */
export function serverCommand({ host, port, variant }) {
  const env = settings({
    NODE_ENV: variant === "dev" ? "development" : "production",
    HOST: host,
    PORT: String(port),
    AGENT_SOCKET: agentSocketPath(),
    JOIN_TOKEN_FILE,
    VPCLAB_LOCAL_AGENT: "1",
  });
  return { file: process.execPath, args: program(variant), options: asOwner(env) };
}

/** Asks the running server for a link (the one secret that it prints, so it comes by a pipe and not into a log). */
export const mintCommand = () => {
  const args = existsSync(SERVER_BUNDLE) ? program("built") : program("dev");
  return { file: process.execPath, args: [...args, "mint-signin"], options: asOwner(settings({})) };
};

/** Verifies the audit log, whether or not a server runs. */
export const auditCommand = (args) => {
  const command = existsSync(SERVER_BUNDLE) ? program("built") : program("dev");
  return { file: process.execPath, args: [...command, "verify-audit", ...args], options: asOwner(settings({})) };
};

/** The line of JSON that the server prints when it answers: {url, signIn}; null for any other line. */
export function readReadyLine(line) {
  if (!line.startsWith("{")) return null;
  try {
    const { event, url, signIn } = JSON.parse(line);
    return event === "ready" ? { url, signIn } : null;
  } catch {
    return null;
  }
}
