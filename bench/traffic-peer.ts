import * as libc from "../apps/agent/src/host/libc";
import { socketAddress } from "../apps/agent/src/host/socket-address";

/**
 * One end of a measurement, run inside a namespace: `receive <port>`, or `send|connect|ping-pong <address> <port> <seconds>`,
 * which prints one number: bytes per second, connections per second, or microseconds per round trip (the median). Blocking
 * sockets and a large buffer, so that what is measured is the kernel's way and not this program.
 */
const BUFFER_BYTES = 256 * 1024;
const MESSAGE_BYTES = 64;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
/** l_onoff 1, l_linger 0: close sends RST, so that no TIME_WAIT is left that would count against later rounds. */
const LINGER_RESET = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);

function receive(port: number): never {
  const listener = libc.socket(libc.AF_INET, libc.SOCK_STREAM);
  libc.setOption(listener, libc.SOL_SOCKET, libc.SO_REUSEADDR, 1);
  libc.bind(listener, socketAddress("0.0.0.0", port));
  libc.listen(listener, 512);
  process.stdout.write("ready\n");
  const buffer = Buffer.alloc(BUFFER_BYTES);
  for (;;) {
    libc.poll([{ fd: listener, events: libc.POLLIN }], -1);
    const connection = libc.accept(listener);
    if (connection === null) continue;
    serve(connection, buffer);
    libc.close(connection);
  }
}

/** Swallows what comes; a message of exactly MESSAGE_BYTES is sent back. Ends when the other end has closed or reset. */
function serve(connection: number, buffer: Buffer): void {
  for (;;) {
    const [events = 0] = libc.poll([{ fd: connection, events: libc.POLLIN }], -1);
    if ((events & (libc.POLLERR | libc.POLLHUP)) !== 0) return;
    const length = libc.recv(connection, buffer);
    if (length === 0) return;
    if (length === MESSAGE_BYTES) libc.send(connection, buffer.subarray(0, MESSAGE_BYTES));
  }
}

function open(address: string, port: number): number {
  const connection = libc.socket(libc.AF_INET, libc.SOCK_STREAM);
  libc.connect(connection, socketAddress(address, port));
  return connection;
}

function send(address: string, port: number, seconds: number): number {
  const connection = open(address, port);
  const buffer = Buffer.alloc(BUFFER_BYTES);
  const started = performance.now();
  let bytes = 0;
  while (performance.now() - started < seconds * 1000) bytes += libc.send(connection, buffer) ?? 0;
  libc.close(connection);
  return bytes / ((performance.now() - started) / 1000);
}

function connect(address: string, port: number, seconds: number): number {
  const started = performance.now();
  let connections = 0;
  while (performance.now() - started < seconds * 1000) {
    const connection = open(address, port);
    libc.setOption(connection, libc.SOL_SOCKET, libc.SO_LINGER, LINGER_RESET);
    libc.close(connection);
    connections += 1;
  }
  return connections / ((performance.now() - started) / 1000);
}

function pingPong(address: string, port: number, seconds: number): number {
  const connection = open(address, port);
  libc.setOption(connection, IPPROTO_TCP, TCP_NODELAY, 1);
  const message = Buffer.alloc(MESSAGE_BYTES);
  const answer = Buffer.alloc(MESSAGE_BYTES);
  const microseconds: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const sent = performance.now();
    libc.send(connection, message);
    libc.recv(connection, answer);
    microseconds.push((performance.now() - sent) * 1000);
  }
  libc.close(connection);
  return microseconds.toSorted((a, b) => a - b)[Math.floor(microseconds.length / 2)] ?? Number.NaN;
}

const MEASURES: Readonly<Record<string, (address: string, port: number, seconds: number) => number>> = { send, connect, "ping-pong": pingPong };
const [what = "", ...rest] = process.argv.slice(2);
if (what === "receive") receive(Number(rest[0]));
const measure = MEASURES[what];
if (!measure) throw new Error(`traffic-peer: no measurement “${what}”`);
process.stdout.write(`${measure(rest[0] ?? "", Number(rest[1]), Number(rest[2]))}\n`);
