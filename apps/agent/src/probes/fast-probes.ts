import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import { accept, close, connect, errnoName, poll, POLLIN, POLLOUT, recv, recvFrom, send, sendTo, socketError, SystemCallError } from "../host/libc";
import { socketAddress } from "../host/socket-address";
import { forgedDatagram } from "./fast-forgery";
import type { FastAnswer, SentProbe } from "./fast-probe";
import { openSockets, receiverKey } from "./fast-sockets";

/** Sockets are bounded: two for each probe of a batch, and one more for each connection. */
const BATCH = 256;
const POLL_MS = 5;
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;
const ICMP_HEADER_BYTES = 8;
const TAG_BYTES = 8;
const PACKET_BYTES = 256;

export interface FastProbesOptions {
  /** How long silence is listened to at most. All packets of a batch wait together. */
  readonly waitMs: number;
  /** Silence ends earlier once this much time has passed, and eight times what the slowest answer took. */
  readonly patienceMs?: number;
}

/**
 * Sends many packets at once and says what became of each: real sockets in the namespaces of sender and receiver, opened
 * for the purpose and closed afterwards. Answers are in the order of the probes. This thread is busy meanwhile, except
 * between batches. Needs root. Throws ENOENT when a namespace does not exist, EADDRINUSE when something listens there.
 */
export async function sendProbes(probes: readonly SentProbe[], options: FastProbesOptions): Promise<FastAnswer[]> {
  const answers: FastAnswer[] = [];
  for (let start = 0; start < probes.length; start += BATCH) {
    if (start > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    answers.push(...new Batch(probes.slice(start, start + BATCH), options).run());
  }
  return answers;
}

/** Number of the newest batch: marks its packets among others, e.g. those of the batch before that came late. */
let newestBatch = Math.floor(Math.random() * 2 ** 31);

interface Watch {
  readonly fd: number;
  readonly events: number;
  readonly ready: () => void;
}

/** What is known of one probe so far. */
class Course {
  readonly startedAt = performance.now();

  /** `watched`: somebody of ours is where it should arrive; else nobody can tell whether it did, and an answer is all there is. */
  constructor(readonly watched: boolean) {}

  arrived = false;
  answer: "yes" | "no" | null = null;
  error: string | null = null;

  get settled(): boolean {
    return this.answer === "no" || (this.answer === "yes" && (this.arrived || !this.watched));
  }

  outcome(): ProbeOutcome {
    if (this.answer === null) return "timeout";
    return this.answer === "yes" && this.settled ? "reached" : "refused";
  }
}

class Batch {
  readonly #probes: readonly SentProbe[];
  readonly #options: FastProbesOptions;
  readonly #number = (newestBatch = (newestBatch + 1) % 2 ** 31);
  readonly #receiverKeys: readonly (string | null)[];
  readonly #opened: number[] = [];
  readonly #watches = new Map<number, Watch>();
  readonly #courses: Course[] = [];
  /** Keys of the receivers that are ours. */
  #watched: ReadonlySet<string | null> = new Set();
  readonly #packet = Buffer.alloc(PACKET_BYTES);
  #unsettled: number;
  #slowestMs = 0;

  constructor(probes: readonly SentProbe[], options: FastProbesOptions) {
    this.#probes = probes;
    this.#options = options;
    this.#receiverKeys = probes.map(receiverKey);
    this.#unsettled = probes.length;
  }

  run(): FastAnswer[] {
    try {
      const { senders, receivers } = openSockets(this.#probes, this.#opened);
      for (const [key, { fd, protocol }] of receivers) {
        this.#watch(fd, POLLIN, () => (protocol === "tcp" ? this.#acceptAll(key, fd) : this.#receiveAll(key, fd, protocol)));
      }
      this.#watched = new Set(receivers.keys());
      this.#probes.forEach((probe, index) => this.#start(probe, index, senders[index] ?? -1));
      this.#listen();
    } finally {
      for (const fd of this.#opened) close(fd);
    }
    return this.#courses.map((course) => ({
      outcome: course.outcome(), arrived: course.arrived,
      error: course.answer === "yes" && !course.settled ? "ELSEWHERE" : course.error,
    }));
  }

  /** Until all is settled or silence has lasted long enough. What came before the last look at the clock is still seen. */
  #listen(): void {
    const { waitMs, patienceMs = waitMs } = this.#options;
    const sentAt = performance.now();
    for (let over = false; this.#unsettled > 0 && !over;) {
      over = performance.now() - sentAt >= Math.min(waitMs, Math.max(patienceMs, 8 * this.#slowestMs));
      const watches = [...this.#watches.values()];
      poll(watches, over ? 0 : POLL_MS).forEach((events, index) => {
        if (events !== 0) watches[index]?.ready();
      });
    }
  }

  #watch(fd: number, events: number, ready: () => void): void {
    this.#watches.set(fd, { fd, events, ready });
  }

  #start(probe: SentProbe, index: number, fd: number): void {
    const course = new Course(this.#watched.has(this.#receiverKeys[index] ?? null));
    this.#courses[index] = course;
    this.#watch(fd, probe.protocol === "tcp" ? POLLOUT : POLLIN, () => this.#answered(index, fd, probe.protocol));
    this.#attempt(index, () => {
      connect(fd, socketAddress(probe.to.address, probe.to.port));
      if (probe.protocol !== "tcp") send(fd, this.#packetOf(probe, index));
    });
  }

  #packetOf({ protocol, forgedSource, sourcePort, to }: SentProbe, index: number): Buffer {
    const tag = this.#tag(index);
    if (forgedSource !== undefined) return forgedDatagram({ address: forgedSource, port: sourcePort }, to, tag);
    return protocol === "icmp" ? echoRequest(tag) : tag;
  }

  /** The sender's socket has something to say. */
  #answered(index: number, fd: number, protocol: SentProbe["protocol"]): void {
    this.#attempt(index, () => {
      const errno = socketError(fd);
      if (errno !== 0) return this.#decide(index, "no", errnoName(errno));
      if (protocol === "tcp") {
        // A program that waits there is not told anything: it gets a connection that ends.
        if (this.#course(index).watched) send(fd, this.#tag(index));
        return this.#decide(index, "yes");
      }
      const length = recv(fd, this.#packet);
      if (length === null) return;
      const body = this.#packet.subarray(protocol === "icmp" ? ICMP_HEADER_BYTES : 0, length);
      const ours = protocol === "udp" || this.#packet[0] === ECHO_REPLY;
      // A program that has the port says what it likes; the socket hears only whom it asked.
      const anything = protocol === "udp" && !this.#course(index).watched;
      if (ours && (anything || this.#indexOf(body) === index)) this.#decide(index, "yes");
    });
    if (this.#course(index).answer !== null) this.#watches.delete(fd);
  }

  #decide(index: number, answer: "yes" | "no", error: string | null = null): void {
    const course = this.#course(index);
    if (course.answer !== null) return;
    course.answer = answer;
    course.error = error;
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - course.startedAt);
    if (course.settled) this.#unsettled -= 1;
  }

  /** A receiver's socket has something to say. */
  #receiveAll(key: string, fd: number, protocol: "icmp" | "udp"): void {
    for (;;) {
      const packet = recvFrom(fd, this.#packet);
      if (packet === null) return;
      // A raw socket is given the packet with its IP header.
      const header = protocol === "icmp" ? ((this.#packet[0] ?? 0) & 15) * 4 + ICMP_HEADER_BYTES : 0;
      const index = this.#indexOf(this.#packet.subarray(header, packet.length));
      if (!this.#arrive(key, index) || protocol === "icmp") continue;
      unlessRefused(() => sendTo(fd, this.#tag(index), packet.from));
    }
  }

  #acceptAll(key: string, listener: number): void {
    for (;;) {
      const fd = unlessRefused(() => accept(listener));
      if (fd === null) return;
      this.#opened.push(fd);
      this.#watch(fd, POLLIN, () => {
        this.#watches.delete(fd);
        const length = unlessRefused(() => recv(fd, this.#packet));
        if (length !== null) this.#arrive(key, this.#indexOf(this.#packet.subarray(0, length)));
      });
    }
  }

  /** Whether the packet of this probe has come to the receiver that was meant. */
  #arrive(key: string, index: number): boolean {
    if (this.#receiverKeys[index] !== key) return false;
    const course = this.#course(index);
    if (!course.arrived) {
      course.arrived = true;
      if (course.settled) this.#unsettled -= 1;
    }
    return true;
  }

  /** A refusal may come from the call itself: the sender's own kernel says no. */
  #attempt(index: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      // The sender's own packet filter: as silent for everybody else as a filter on the way.
      if (error.code === "EPERM") return;
      this.#decide(index, "no", error.code);
    }
  }

  /** What tells the packets of a batch, and batches, apart. */
  #tag(index: number): Buffer {
    const bytes = Buffer.alloc(TAG_BYTES);
    bytes.writeUInt32BE(this.#number, 0);
    bytes.writeUInt32BE(index, 4);
    return bytes;
  }

  /** Index of the probe that a packet belongs to; -1 for a packet that is not of this batch. */
  #indexOf(body: Buffer): number {
    return body.length >= TAG_BYTES && body.readUInt32BE(0) === this.#number ? body.readUInt32BE(4) : -1;
  }

  #course(index: number): Course {
    const course = this.#courses[index];
    if (!course) throw new Error(`probe ${index} was not started`);
    return course;
  }
}

/** The kernel fills in identifier and checksum of an unprivileged echo (man 7 icmp, net/ipv4/ping.c). */
function echoRequest(body: Buffer): Buffer {
  const header = Buffer.alloc(ICMP_HEADER_BYTES);
  header[0] = ECHO_REQUEST;
  return Buffer.concat([header, body]);
}

/** An answer that cannot leave, or a connection that is gone again, is seen by the sender as silence. */
function unlessRefused<T>(call: () => T | null): T | null {
  try {
    return call();
  } catch (error) {
    if (error instanceof SystemCallError) return null;
    throw error;
  }
}
