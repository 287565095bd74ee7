import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { diskError } from "./disk-error";

/**
 * The agent's own directory, mode 0700. It holds the private key and what was accepted last, so a directory that others
 * could have written to is refused, not repaired: nobody knows what is in it.
 */
export async function openStateDir(path: string): Promise<string> {
  await makeDir(path);
  await checkPrivateDir(path);
  const jobs = jobsDirOf(path);
  await makeDir(jobs);
  await checkPrivateDir(jobs);
  return path;
}

const makeDir = (path: string): Promise<unknown> => mkdir(path, { mode: 0o700, recursive: true }).catch((error: unknown) => {
  throw diskError(`state directory ${path}`, error);
});

export const jobsDirOf = (stateDir: string): string => join(stateDir, "jobs");

async function checkPrivateDir(path: string): Promise<void> {
  const stat = await lstat(path);
  if (stat.isSymbolicLink()) throw refusal(path, "it is a symbolic link; name the real directory");
  if (!stat.isDirectory()) throw refusal(path, "it is not a directory");
  if (stat.uid !== process.geteuid?.()) throw refusal(path, "it belongs to another user");
  if ((stat.mode & 0o077) !== 0) throw refusal(path, "others than its owner may enter it; run: chmod 700");
}

const refusal = (path: string, reason: string): AppError => new AppError("PRIVILEGE", `state directory ${path}: ${reason}`);
