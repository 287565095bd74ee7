import { readEnvironment } from "./env";
import { runProgram } from "./program";

/** Exit code of a shell for a program that SIGPIPE (13) ended, which Node does not let happen: `vpcctl logs | head -1`. */
const PIPE_CLOSED = 141;

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? PIPE_CLOSED : 1));
}
process.exitCode = await runProgram(process.argv.slice(2), readEnvironment());
// Sockets that a peer holds open must not keep a program that is done; what was written to a pipe must still arrive.
process.stdout.write("", () => process.stderr.write("", () => process.exit()));
