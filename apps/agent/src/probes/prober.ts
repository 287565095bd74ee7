import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { request } from "node:http";
import type { ProbeAnswer } from "./probe-answer";

/**
 * The program behind a TCP, UDP or HTTP test, bundled to a file of its own and run inside the source's namespace without any
 * right: `prober tcp|udp|http <address> <port> <timeout ms> <address to send from, or any>`. Prints one line of JSON and ends.
 * UDP has no handshake, so a second one runs in the destination's namespace, `prober answer <its address> <port> <timeout ms>
 * any`, and sends back what it gets.
 */
const ANY = "any";
const BODY_CHARS_MAX = 200;
const BODY_BYTES_READ_MAX = 4_096;
const UDP_AGAIN_MS = 100;
/** The program at the other end may start a moment later: a refusal before this is not the last word. */
const UDP_REFUSED_AFTER_MS = 1_000;
const [kind, host = "", portText = "", timeoutText = "", from = ANY] = process.argv.slice(-5);
const sender = from === ANY ? {} : { localAddress: from };
const port = Number(portText);
const timeoutMs = Number(timeoutText);
let startedAt = performance.now();

function answer(found: Omit<ProbeAnswer, "roundTripMs">): never {
  const roundTripMs = found.outcome === "timeout" ? null : performance.now() - startedAt;
  process.stdout.write(`${JSON.stringify({ ...found, roundTripMs } satisfies ProbeAnswer)}\n`, () => process.exit(0));
  return undefined as never;
}

/** What came back of a packet that did not get through: an answer that says no, or nothing (EPERM: a filter here dropped it). */
function failed(error: NodeJS.ErrnoException): void {
  const code = error.code ?? "UNKNOWN";
  answer({ outcome: code === "ETIMEDOUT" || code === "EPERM" ? "timeout" : "refused", body: null, error: code });
}

function probeTcp(): void {
  const socket = connect({ host, port, timeout: timeoutMs, ...sender });
  socket.once("connect", () => answer({ outcome: "reached", body: null, error: null }));
  socket.once("timeout", () => answer({ outcome: "timeout", body: null, error: null }));
  socket.once("error", failed);
}

function probeHttp(): void {
  const outgoing = request({ ...sender, host, port, path: "/", method: "GET", headers: { connection: "close" } }, (response) => {
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

/** Asks again until something comes back; connected, so that the kernel tells of refusals. */
function probeUdp(): void {
  const socket = createSocket("udp4");
  const begunAt = performance.now();
  const ask = (): void => {
    startedAt = performance.now();
    socket.send("vpclab");
  };
  socket.once("message", () => answer({ outcome: "reached", body: null, error: null }));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPERM" && performance.now() - begunAt > UDP_REFUSED_AFTER_MS) failed(error);
  });
  socket.once("connect", () => {
    ask();
    setInterval(ask, UDP_AGAIN_MS);
  });
  if (from === ANY) socket.connect(port, host);
  else socket.bind(0, from, () => socket.connect(port, host));
}

/** Where the port is in use already, whoever has it answers (or not). */
function answerUdp(): void {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => socket.send(message, from.port, from.address, () => setTimeout(() => process.exit(0), UDP_AGAIN_MS)));
  socket.once("error", () => process.exit(0));
  socket.bind(port, host);
  setTimeout(() => process.exit(0), timeoutMs);
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]+/g, " ").trim().slice(0, BODY_CHARS_MAX);

if (kind === "answer") {
  answerUdp();
} else {
  setTimeout(() => answer({ outcome: "timeout", body: null, error: null }), timeoutMs);
  if (kind === "http") probeHttp();
  else if (kind === "udp") probeUdp();
  else probeTcp();
}
