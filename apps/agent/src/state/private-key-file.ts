import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { SigningKey } from "../link/ed25519";
import { generateSigningKey, importSigningKey } from "../link/ed25519";
import { diskError } from "./disk-error";
import { readOwnFile, syncDir } from "./durable-file";

/** A signing key of this machine in a file of mode 0600; null when it is not there. Throws when the file is not private, or is no key. */
export async function readPrivateKey(path: string): Promise<SigningKey | null> {
  const text = await readOwnFile(path);
  if (text === null) return null;
  const key = importSigningKey(text.trimEnd());
  if (!key.ok) throw new AppError("PRIVILEGE", `${path} is damaged: ${key.error}. Nothing that it signed can be changed any more; to begin anew on this machine: vpcctl purge`);
  return key.value;
}

/** The key of that file, made at the first call. */
export async function ensurePrivateKey(path: string): Promise<SigningKey> {
  return (await readPrivateKey(path)) ?? createPrivateKey(path);
}

/** Written beside and renamed, so that a kill at any point leaves the whole key or none. */
async function createPrivateKey(path: string): Promise<SigningKey> {
  const key = generateSigningKey();
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600).catch((error: unknown) => {
    throw diskError(path, error);
  });
  try {
    await file.writeFile(`${key.seed}\n`);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true }); // a full disk leaves no half key behind
    throw diskError(path, error);
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncDir(dirname(path));
  return key;
}
