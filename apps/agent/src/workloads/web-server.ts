import { createServer } from "node:http";
import { EXIT_CODE } from "./web-server-exit";
import { readWorkloadArgs } from "./workload-args";

/**
 * The program behind "web server" of an instance, bundled to a file of its own and run inside the instance without any
 * right. Answers every request with the instance's name and the caller's address: who talks to whom is what a lab shows.
 * Without a label (the simulated internet) it answers with the caller's address alone.
 */
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTIONS_MAX = 256;

const args = readWorkloadArgs(process.argv);
if (args === null) process.exit(EXIT_CODE.other);
const { label, port } = args;

const server = createServer((request, response) => {
  const caller = request.socket.remoteAddress ?? "unknown";
  const body = label === "" ? `${caller}\n` : page(label, caller);
  response.writeHead(200, {
    "content-type": label === "" ? "text/plain; charset=utf-8" : "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : body);
});
server.requestTimeout = REQUEST_TIMEOUT_MS;
server.headersTimeout = REQUEST_TIMEOUT_MS;
server.maxConnections = CONNECTIONS_MAX;
server.on("error", (error: NodeJS.ErrnoException) => process.exit(exitCodeOf(error.code)));
server.listen(port, "0.0.0.0");

const exitCodeOf = (code: string | undefined): number =>
  code === "EADDRINUSE" || code === "EACCES" || code === "EADDRNOTAVAIL" ? EXIT_CODE[code] : EXIT_CODE.other;

function page(name: string, caller: string): string {
  return `<!doctype html><title>${escaped(name)}</title><h1>${escaped(name)}</h1><p>You are ${escaped(caller)}.</p>\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
