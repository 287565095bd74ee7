import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "./progress.mjs";
import { mintCommand } from "./server-process.mjs";

/** A fresh one-time sign-in link of the server that runs here. */
export async function newSignInLink() {
  const { file, args, options } = mintCommand();
  try {
    const { stdout } = await promisify(execFile)(file, args, options);
    return JSON.parse(stdout.trim().split("\n").at(-1)).url;
  } catch (error) {
    throw new UserError(`No sign-in link: ${(error.stderr ?? error.message).trim()}`);
  }
}
