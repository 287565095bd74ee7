import { connect } from "node:net";
import { request } from "node:http";
import type { ProbeAnswer } from "./probe-answer";

/**
 * The program behind a TCP or HTTP test, bundled to a file of its own and run inside the source's namespace without any
 * right: `prober tcp|http <address> <port> <timeout ms>`. Prints one line of JSON and ends.
 */
const BODY_CHARS_MAX = 200;
const BODY_BYTES_READ_MAX = 4_096;
const [kind, host = "", portText = "", timeoutText = ""] = process.argv.slice(-4);
const port = Number(portText);
const timeoutMs = Number(timeoutText);
const startedAt = performance.now();

function answer(found: Omit<ProbeAnswer, "roundTripMs">): never {
  const roundTripMs = found.outcome === "timeout" ? null : performance.now() - startedAt;
  process.stdout.write(`${JSON.stringify({ ...found, roundTripMs } satisfies ProbeAnswer)}\n`, () => process.exit(0));
  return undefined as never;
}

/** What came back of a packet that did not get through: an answer that says no, or nothing. */
function failed(error: NodeJS.ErrnoException): void {
  const code = error.code ?? "UNKNOWN";
  answer({ outcome: code === "ETIMEDOUT" ? "timeout" : "refused", body: null, error: code });
}

function probeTcp(): void {
  const socket = connect({ host, port, timeout: timeoutMs });
  socket.once("connect", () => answer({ outcome: "reached", body: null, error: null }));
  socket.once("timeout", () => answer({ outcome: "timeout", body: null, error: null }));
  socket.once("error", failed);
}

function probeHttp(): void {
  const outgoing = request({ host, port, path: "/", method: "GET", headers: { connection: "close" } }, (response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      body += chunk;
      if (body.length > BODY_BYTES_READ_MAX) response.destroy();
    });
    response.on("close", () => answer({ outcome: "reached", body: printable(body), error: null }));
  });
  outgoing.once("error", failed);
  outgoing.end();
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]+/g, " ").trim().slice(0, BODY_CHARS_MAX);

setTimeout(() => answer({ outcome: "timeout", body: null, error: null }), timeoutMs);
if (kind === "http") probeHttp();
else probeTcp();
