import { readEnvironment } from "./env";
import { runProgram } from "./program";

process.exitCode = await runProgram(process.argv.slice(2), readEnvironment());
// Sockets that a peer holds open must not keep a program that is done; what was written to a pipe must still arrive.
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
