import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { configDir, type Environment } from "./env";
import type { GlobalOptions } from "./global-options";
import type { Lab } from "./lab/lab";
import { findRunningLab } from "./run-record";

export interface Choice {
  readonly options: GlobalOptions;
  readonly env: Environment;
  /** How long to wait for another vpcctl that works here. */
  readonly waitMs?: number;
}

/** Another apply of a big lab takes seconds. */
const WAIT_MS = 60_000;
/** The agent's, in its state directory. */
const ACTIVITY_FILE = "activity.jsonl";

/**
 * What to work on: what the command line or the environment says, else what `npm run up` runs on this machine, else the server
 * that was signed in to, else this machine by itself. Throws AppError.
 */
export async function chooseLab(choice: Choice): Promise<Lab> {
  const chosen = await serverOf(choice);
  return chosen === null ? openLocal(choice) : openServer(choice.env, chosen.url, chosen.controlSocket);
}

/** This machine by itself, where that is what commands work on and something has been done there before; else null. Throws AppError. */
export async function localLabInUse(choice: Choice): Promise<Lab | null> {
  const isInUse = existsSync(join(choice.options.stateDir, ACTIVITY_FILE)) && (await serverOf(choice)) === null;
  return isInUse ? openLocal(choice) : null;
}

/** null: this machine by itself. */
async function serverOf({ options: { place }, env }: Choice): Promise<{ readonly url: string; readonly controlSocket?: string } | null> {
  if (place?.kind === "local") return null;
  const running = findRunningLab(dataDir(env));
  if (place?.kind === "server") return running?.url === place.url ? running : place;
  if (running) return running;
  const url = await savedServer(env);
  return url === null ? null : { url };
}

async function openLocal({ options, env, waitMs = WAIT_MS }: Choice): Promise<Lab> {
  const { openLocalLab } = await import("./local/local-lab");
  const { stateDir, mode, uplink, policy } = options;
  return openLocalLab({ stateDir, mode, uplink, policy, agentDist: env.agentDist, sudoUser: env.sudoUser, waitMs });
}

/** The data folder of `npm run up`: VPCLAB_DATA, else that of the checkout that this program was built in. */
const dataDir = (env: Environment): string => resolve(checkout(), env.dataDir ?? ".vpclab");

/** From apps/cli/dist (or src, in tests) upwards; the working directory where there is no checkout around the program. */
function checkout(): string {
  for (let at = realpathSync(dirname(fileURLToPath(import.meta.url))); at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, "scripts/lib/run-record.mjs"))) return at;
  }
  return process.cwd();
}

async function openServer(env: Environment, url: string, controlSocket?: string): Promise<Lab> {
  const { openServerLab } = await import("./server/server-lab");
  return openServerLab({ url, controlSocket, configDir: configDir(env) });
}

async function savedServer(env: Environment): Promise<string | null> {
  const { savedServer: read } = await import("./server/saved-server");
  return read(configDir(env));
}
