import { AppError } from "@vpclab/shared/errors/app-error";
import { doctorCommand } from "./commands/doctor";
import { enrolCommand } from "./commands/enrol";
import type { Options } from "./commands/options";
import { readOptions, USAGE } from "./commands/options";
import { purge } from "./commands/purge";
import { rotateKeyCommand } from "./commands/rotate-key";
import { run } from "./commands/run";
import { readEnvironment } from "./env";
import { writeNoCoreFiles } from "./host/core-files";
import { closeInheritedDescriptors } from "./host/inherited-descriptors";
import { keepNeededRights } from "./host/needed-rights";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * The first signal (a closed terminal counts) asks for an orderly end, the second one does not ask. Where a policy file is named,
 * SIGHUP is not one of them: it has the file read again (commands/follow-policy.ts).
 */
function firstSignal({ policy }: Options): Promise<string> {
  return new Promise((resolve) => {
    if (policy !== null) process.on("SIGHUP", () => undefined);
    for (const name of ["SIGINT", "SIGTERM", ...(policy === null ? ["SIGHUP" as const] : [])] as const) {
      process.on(name, () => {
        process.once(name, () => process.exit(130));
        resolve(name);
      });
    }
  });
}

function perform(options: Options): Promise<number> | number {
  switch (options.command) {
    case "run": return run(options, firstSignal(options));
    case "enrol": return enrolCommand(options, print);
    case "rotate-key": return rotateKeyCommand(options, print);
    case "purge": return purge(options, print);
    case "doctor": return doctorCommand(options, print);
    case "help": return (process.stdout.write(USAGE), 0);
  }
}

/** 2: the command line is wrong. 3: the server is not the one it should be. 1: anything else. */
function exitCodeOf(error: unknown): number {
  if (!(error instanceof AppError)) return 1;
  return error.code === "SCHEMA" ? 2 : error.code === "KEY_UNKNOWN" ? 3 : 1;
}

try {
  writeNoCoreFiles();
  closeInheritedDescriptors();
  const options = readOptions(process.argv.slice(2), readEnvironment());
  if (options.command === "run") keepNeededRights(process.argv.slice(1));
  process.exitCode = await perform(options);
} catch (error) {
  process.stderr.write(`vpclab-agent: ${error instanceof AppError ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = exitCodeOf(error);
}
// Sockets that a peer holds open, or a holder that does not end, must not keep a process that is done.
process.exit();
