import { createServer } from "node:http";
import type { Server } from "node:http";
import { chmodSync, rmSync } from "node:fs";
import { AppError } from "@vpclab/shared/errors/app-error";
import { isListening } from "../store/opener-lock";
import type { RequestHandler } from "./request-router";
import type { UpgradeHandler } from "./upgrade-router";

/** Slow senders do not hold connections for long. Node looks only every half a minute who is late, unless it is told to. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 };

export function httpServer(handle: RequestHandler, upgrade: UpgradeHandler | null): Server {
  const server = createServer(TIMEOUTS, (request, response) => void handle(request, response));
  if (upgrade) server.on("upgrade", upgrade);
  return server;
}

/** Answers the port, which the system chooses when `port` is 0. */
export async function listenOnPort(server: Server, host: string, port: number): Promise<number> {
  await listening(server, () => server.listen(port, host), `${host}:${port}`);
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}

/** A socket that only this user can open. One that an earlier, killed server left behind is replaced. */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (await isListening(path)) throw new AppError("INTERNAL", `Another server listens on ${path}. Stop it (npm run down) first.`);
  rmSync(path, { force: true });
  await listening(server, () => server.listen(path), path);
  chmodSync(path, 0o600);
}

function listening(server: Server, start: () => void, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(new AppError("INTERNAL", error.code === "EADDRINUSE" ? `${where} is in use by another program. Choose another PORT.` : `Cannot listen on ${where}: ${error.message}`, { cause: error }));
    server.once("error", failed);
    server.once("listening", () => {
      server.removeListener("error", failed);
      resolve();
    });
    start();
  });
}

/** Ends a server and every connection that it still has. */
export function closeServer(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
