import { accessSync, constants } from "node:fs";
import { isAbsolute, join } from "node:path";
import { CommandError, missingProgram } from "./command-error";

/** Where programs of the machine are looked for, whatever the agent's own PATH says. */
export const PROGRAM_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

/** Absolute path of a program of the machine. Throws CommandError when it is not installed. */
export function programPath(name: string): string {
  if (isAbsolute(name)) return name;
  const found = PROGRAM_FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
  if (found === undefined) throw new CommandError(name, missingProgram(name), null);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
