import { createInterface } from "node:readline/promises";
import type { Session } from "./session";
import { UsageError } from "./usage-error";

/**
 * Asks before something that cannot be taken back; `--yes` answers beforehand. Throws UsageError where nobody can be asked: a
 * script has to say that it means it.
 */
export async function confirm({ options, signal }: Session, question: string): Promise<boolean> {
  if (options.yes) return true;
  if (!process.stdin.isTTY) throw new UsageError("this cannot be undone, and nobody is there to be asked: add --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } catch (error) {
    if ((error as Error).name === "AbortError") return false;
    throw error;
  } finally {
    terminal.close();
  }
}
