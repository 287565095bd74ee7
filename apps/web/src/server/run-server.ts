import { startServer } from "./start-server";
import type { Ready, RunningServer, StartOptions } from "./start-server";

/** A shutdown that hangs (a socket nobody closes) ends here. */
const SHUTDOWN_MS = 8_000;

type Options = Omit<StartOptions, "onFatal"> & { readonly print: (ready: Ready) => void };

/** The server as a process of its own: prints when it is ready, stops on a signal, ends when it cannot go on. */
export async function runServer({ print, ...options }: Options): Promise<void> {
  let running: RunningServer | null = null;
  let stopping = false;

  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(exitCode || 1), SHUTDOWN_MS).unref();
    // While it is still starting there is nothing to close but the database, which ends with this process.
    await running?.close();
    process.exit(exitCode);
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  running = await startServer({
    ...options,
    onFatal: (error) => {
      options.log.fatal({ reason: error.message }, "the server cannot go on");
      void stop(1);
    },
  });
  if (!stopping) print(running.ready);
}
