import {
  AF_NETLINK, MSG_DONTWAIT, MSG_TRUNC, SOCK_RAW, close, errnoName, errnoText, recv, send, setOption, socket,
} from "../../host/libc";
import type { Listing, Message, MessageWriter } from "./message";
import {
  HEADER_BYTES, NLMSG_DONE, NLMSG_ERROR, NLM_F_ACK_TLVS, NLM_F_CAPPED, NLM_F_DUMP_INTR, eachAttribute, itemsOf, messages, textAt,
} from "./message";

export const NETLINK_ROUTE = 0;
export const NETLINK_NETFILTER = 12;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
const NLMSGERR_ATTR_MSG = 1;

/** More than the kernel puts into one answer (32 KiB for dumps, more only for links with hundreds of virtual functions). */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** One for all sockets of a thread: every exchange is synchronous, so no two are under way. */
const answer = Buffer.allocUnsafeSlow(ANSWER_BYTES_MAX);
const TRIES_MAX = 10;

/** The kernel said no: errno and, where it has one, its own explanation (extended ack). */
export class KernelRefusal extends Error {
  readonly code: string;

  /** `about`: what was asked for, e.g. the name of a link. */
  constructor(errno: number, about: string, explanation = "") {
    super(`${about}: ${explanation === "" ? errnoText(errno) : `${explanation} (${errnoText(errno)})`}`);
    this.name = "KernelRefusal";
    this.code = errnoName(errno);
  }
}

/**
 * Questions and orders to the kernel about the network namespace in which this thread was when the socket was opened. It
 * keeps that namespace alive until it is closed. Everything is answered at once: the kernel works while we are in `send`.
 */
export class NetlinkSocket {
  private readonly descriptor: number;
  private sequence = 0;

  constructor(protocol: number) {
    this.descriptor = socket(AF_NETLINK, SOCK_RAW, protocol);
    setOption(this.descriptor, SOL_NETLINK, NETLINK_EXT_ACK, 1);
    setOption(this.descriptor, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  }

  /** For options of the socket itself. */
  get fd(): number {
    return this.descriptor;
  }

  /** An order; needs NLM_F_ACK. Throws KernelRefusal. */
  order(request: MessageWriter, about: string): void {
    for (let tries = 1; ; tries++) {
      try {
        this.exchange(request, about, () => {});
        return;
      } catch (error) {
        // A signal for this thread, such as a child's end: nothing was done.
        if (tries === TRIES_MAX || !(error instanceof KernelRefusal) || error.code !== "EINTR") throw error;
      }
    }
  }

  /** A question with one answer; with NLM_F_ACK, so that the answer's end is known. Throws KernelRefusal, e.g. ENODEV. */
  ask<T>(request: MessageWriter, about: string, read: (message: Message) => T): T {
    const answers: T[] = [];
    this.exchange(request, about, (length) => {
      for (const message of messages(answer, length)) if (message.type !== NLMSG_ERROR) answers.push(read(message));
    });
    const [first] = answers;
    if (first === undefined) throw new Error("the kernel did not answer a netlink question");
    return first;
  }

  /** All objects of a kind. */
  list<T>(listing: Listing<T>): T[] {
    return itemsOf(listing, this.listBytes(listing));
  }

  /**
   * As `list`, not read yet; `known` itself when the answer is the same. Asks again when something changed while the kernel
   * listed (NLM_F_DUMP_INTR).
   */
  listBytes({ request, about }: Listing<unknown>, known: Buffer | null = null): Buffer {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const parts: Buffer[] = [];
      const whole = this.exchange(request, about, (length) => parts.push(partOf(length, known)));
      const [first] = parts;
      if (whole && first) return parts.length === 1 ? first : Buffer.concat(parts);
    }
    throw new Error("the kernel's list changes faster than it can be read");
  }

  /** The kernel heeds what a list is limited to, and refuses questions that it does not understand. Linux 4.20. */
  heedLimits(): void {
    setOption(this.descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
  }

  close(): void {
    close(this.descriptor);
  }

  /** Sends, and takes each part of the answer from the shared buffer, to its end; false when the list was not consistent. */
  private exchange(request: MessageWriter, about: string, take: (length: number) => void): boolean {
    this.sequence += 1;
    send(this.descriptor, request.finished(this.sequence));
    let whole = true;
    for (;;) {
      const length = recv(this.descriptor, answer, MSG_DONTWAIT | MSG_TRUNC);
      if (length === null) throw new Error("the kernel left a netlink message unanswered");
      if (length > ANSWER_BYTES_MAX) throw new Error(`a netlink answer of ${length} bytes`);
      const { isOurs, isEnd, isInterrupted } = lookThrough(length, this.sequence, about);
      if (!isOurs) continue;
      if (isInterrupted) whole = false;
      take(length);
      if (isEnd) return whole;
    }
  }
}

/** A copy of what is in the shared buffer, unless it is known. */
const partOf = (length: number, known: Buffer | null): Buffer =>
  known && known.length === length && answer.compare(known, 0, length, 0, length) === 0 ? known : Buffer.from(answer.subarray(0, length));

/** The headers of one part of an answer. Throws what the kernel refused. */
function lookThrough(length: number, sequence: number, about: string): { isOurs: boolean; isEnd: boolean; isInterrupted: boolean } {
  let isEnd = false, isInterrupted = false;
  for (let at = 0; at + HEADER_BYTES <= length; at += (answer.readUInt32LE(at) + 3) & ~3) {
    // A part never mixes the answers to two questions.
    if (answer.readUInt32LE(at + 8) !== sequence) return { isOurs: false, isEnd, isInterrupted };
    if ((answer.readUInt16LE(at + 6) & NLM_F_DUMP_INTR) !== 0) isInterrupted = true;
    const type = answer.readUInt16LE(at + 4);
    if (type !== NLMSG_ERROR && type !== NLMSG_DONE) continue;
    isEnd = true;
    for (const message of messages(answer, length)) if (message.type === type) throwRefusal(message, about);
  }
  return { isOurs: true, isEnd, isInterrupted };
}

/** Of an error or the end of a list: a negative errno, or 0 for "done as asked". */
function throwRefusal({ bytes, start, end, type, flags }: Message, about: string): void {
  const errno = end >= start + 4 ? -bytes.readInt32LE(start) : 0;
  if (errno === 0) return;
  let explanation = "";
  if ((flags & NLM_F_ACK_TLVS) !== 0) {
    // Behind the errno an error repeats the request: its header only where capped.
    const repeated = type === NLMSG_DONE ? 0 : (flags & NLM_F_CAPPED) !== 0 ? HEADER_BYTES : bytes.readUInt32LE(start + 4);
    eachAttribute(bytes, start + 4 + repeated, end, (attribute, from, to) => {
      if (attribute === NLMSGERR_ATTR_MSG) explanation = textAt(bytes, from, to);
    });
  }
  throw new KernelRefusal(errno, about, explanation);
}
