import { createHash } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { owner } from "./privileges.mjs";

/** The checkout: everything else is found from here, so the commands work from any folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Database, keys, sockets and logs of this checkout. */
export const DATA_DIR = resolve(ROOT, process.env.VPCLAB_DATA ?? ".vpclab");
export const LOG_DIR = join(DATA_DIR, "logs");
export const RUN_RECORD = join(DATA_DIR, "run.json");
/** Notes about what was built belong to the checkout, whichever data folder is used; `npm ci` clears them. */
export const STAMP_DIR = join(ROOT, "node_modules/.cache/vpclab");
export const SERVER_DATA_DIR = join(DATA_DIR, "server");
export const JOIN_TOKEN_FILE = join(DATA_DIR, "server", "join-token");

/** `sun_path` of a unix socket holds 107 bytes (unix(7)), and a socket of the database lies deeper still. */
const SOCKET_PATH_BYTES_MAX = 100;

/** Identity of this data folder: two checkouts run side by side without meeting. */
export const INSTANCE = createHash("sha256").update(DATA_DIR).digest("hex").slice(0, 12);

/** Where the server listens for the local agent. A deep checkout gets a short private folder in the temporary one. */
export function agentSocketPath() {
  const beside = join(SERVER_DATA_DIR, "agent.sock");
  if (Buffer.byteLength(beside) <= SOCKET_PATH_BYTES_MAX) return beside;
  const folder = join(tmpdir(), `vpclab-${INSTANCE}`);
  makePrivateDir(folder, owner());
  return join(folder, "agent.sock");
}

/**
 * Makes a 0700 folder that belongs to `who` ({uid, gid}). Refuses one that somebody else has made at that path:
 * in a shared temporary folder it could be a trap.
 */
export function makePrivateDir(path, who) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const before = statSync(path);
  const mine = process.getuid();
  if (before.uid !== who.uid && before.uid !== mine) {
    throw new Error(`${path} belongs to another user (uid ${before.uid}). Remove it, or set VPCLAB_DATA to a folder of yours.`);
  }
  if (mine === 0 && before.uid !== who.uid) chownSync(path, who.uid, who.gid);
  chmodSync(path, 0o700);
}

/** The data folder and those of its folders that the scripts themselves write to. */
export function makeDataDirs() {
  for (const path of [DATA_DIR, LOG_DIR]) makePrivateDir(path, owner());
}
