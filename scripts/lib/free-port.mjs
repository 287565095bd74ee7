import { createServer } from "node:net";
import { UserError } from "./progress.mjs";

const TRIES = 50;

const isFree = (port, host) => new Promise((resolve) => {
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
});

/** First free TCP port from `wanted` upward on this host address. */
export async function freePort(wanted, host) {
  for (let port = wanted; port < wanted + TRIES && port <= 65535; port += 1) if (await isFree(port, host)) return port;
  throw new UserError(`No free port between ${wanted} and ${wanted + TRIES - 1}. Set PORT to another one.`);
}
