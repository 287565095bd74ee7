import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { execa } from "execa";
import { AppError } from "@vpclab/shared/errors/app-error";

export interface FileLock {
  release(): Promise<void>;
}

/**
 * flock(2) on a file, or null when another process holds it. Node cannot call flock, but the lock belongs to the open file
 * description, not to a process: util-linux `flock` locks ours through an inherited descriptor and exits, and the kernel
 * lets go when this process ends, however it ends. Unlike an abstract socket it also works between network namespaces.
 */
export async function lockFile(path: string): Promise<FileLock | null> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const result = await execa("flock", ["--exclusive", "--nonblock", "0"], {
    // execa's types know descriptors by their small numbers only
    stdio: [file.fd as 3, "ignore", "pipe"], reject: false, timeout: 5_000, extendEnv: false, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
  });
  if (result.exitCode === 0) return { release: () => file.close() };
  await file.close();
  if (result.exitCode === 1) return null;
  throw new AppError("COMMAND_FAILED", `flock on ${path}: ${result.stderr.trim() || "could not be run; it is part of util-linux"}`);
}
