import { lstat, open } from "node:fs/promises";
import { constants } from "node:fs";
import { dirname, resolve } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import type { Policy } from "./policy";
import { BUILT_IN_POLICY, PolicySchema } from "./policy";
import { linesOfKeys } from "./policy-lines";

const POLICY_BYTES_MAX = 64 * 1024;

/** The policy of a file, or the built-in one without a file. Anything doubtful about the file refuses the start. */
export async function loadPolicy(path: string | null): Promise<Policy> {
  if (path === null) return BUILT_IN_POLICY;
  const bytes = await readOwned(path);
  const decoded = decodeStrictJson(bytes, {
    bytesMax: POLICY_BYTES_MAX, depthMax: 4, valuesMax: 5000, stringBytesMax: 256, integersOnly: true,
  });
  if (!decoded.ok) throw refusal(path, decoded.error.message);
  const lines = linesOfKeys(bytes.toString("utf8"));
  const rules = PolicySchema.safeParse(decoded.value);
  if (!rules.success) {
    const [issue] = rules.error.issues;
    const where = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
    throw refusal(path, `${where}${issue?.message ?? "not a policy"}`);
  }
  return { rules: rules.data, source: path, lines };
}

/** Checks and reads through one descriptor, so that what was checked is what is read. */
async function readOwned(path: string): Promise<Buffer> {
  await checkFolder(path);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw refusal(path, error.code === "ELOOP" ? "it is a symbolic link" : `it cannot be read (${error.code ?? "unknown"})`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refusal(path, "it is not a regular file");
    if (!isTrusted(stat.uid)) throw refusal(path, "it belongs to another user");
    if ((stat.mode & 0o022) !== 0) throw refusal(path, "others than its owner may write to it; run: chmod go-w");
    if (stat.size > POLICY_BYTES_MAX) throw refusal(path, `it is larger than ${POLICY_BYTES_MAX} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

const STICKY = 0o1000;

/** Whoever may write to the folder may put another file in the place of this one, unless it is sticky (as /tmp is). */
async function checkFolder(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const stat = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    throw refusal(path, `its folder cannot be read (${error.code ?? "unknown"})`);
  });
  if (!stat.isDirectory()) throw refusal(path, `${folder} is not a directory itself`);
  if (!isTrusted(stat.uid)) throw refusal(path, `its folder ${folder} belongs to another user`);
  if ((stat.mode & 0o022) !== 0 && (stat.mode & STICKY) === 0) throw refusal(path, `others may write to its folder; run: chmod go-w ${folder}`);
}

const isTrusted = (uid: number): boolean => uid === 0 || uid === process.geteuid?.();

const refusal = (path: string, reason: string): AppError => new AppError("SCHEMA", `policy ${path}: ${reason}`);
