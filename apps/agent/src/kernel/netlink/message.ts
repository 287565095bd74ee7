/** Framing of netlink(7) messages. Numbers are in the machine's byte order, which is little-endian wherever Node runs on Linux. */
export const HEADER_BYTES = 16;
const ATTRIBUTE_HEADER_BYTES = 4;
const NLA_F_NESTED = 0x8000;
/** Without the flags for nesting and byte order. */
const NLA_TYPE_MASK = 0x3fff;

const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_ACK_TLVS = 0x200;
export const NLM_F_CAPPED = 0x100;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_DUMP = 0x300;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

const aligned = (length: number): number => (length + 3) & ~3;

/** A request while it is written: a fixed header of its family, then attributes. `sequence` is filled in when it is sent. */
export class MessageWriter {
  private bytes = Buffer.alloc(256);
  private length = HEADER_BYTES;

  constructor(type: number, flags: number) {
    this.bytes.writeUInt16LE(type, 4);
    this.bytes.writeUInt16LE(flags | NLM_F_REQUEST, 6);
  }

  u8(value: number): this {
    const at = this.room(1);
    this.length = this.bytes.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    const at = this.room(2);
    this.length = this.bytes.writeUInt16LE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.room(4);
    this.length = this.bytes.writeUInt32LE(value >>> 0, at);
    return this;
  }

  /** An attribute with these bytes. */
  data(type: number, data: Uint8Array): this {
    this.attributeHeader(type, data.length);
    const at = this.room(data.length);
    this.bytes.set(data, at);
    this.length = aligned(this.length + data.length);
    return this;
  }

  number(type: number, value: number): this {
    return this.attributeHeader(type, 4).u32(value);
  }

  /** Zero-terminated, as the kernel wants names. */
  text(type: number, value: string): this {
    return this.data(type, Buffer.from(`${value}\0`));
  }

  nested(type: number, write: (writer: this) => void): this {
    const start = this.length;
    this.attributeHeader(type | NLA_F_NESTED, 0);
    write(this);
    this.bytes.writeUInt16LE(this.length - start, start);
    return this;
  }

  finished(sequence: number): Buffer {
    this.bytes.writeUInt32LE(this.length, 0);
    this.bytes.writeUInt32LE(sequence, 8);
    return this.bytes.subarray(0, this.length);
  }

  private attributeHeader(type: number, length: number): this {
    return this.u16(ATTRIBUTE_HEADER_BYTES + length).u16(type);
  }

  /** Where the next bytes go. Puts a larger buffer in place when there is no room (with the padding behind them). */
  private room(bytes: number): number {
    const needed = aligned(this.length + bytes);
    if (needed > this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(Math.max(needed, this.bytes.length))]);
    return this.length;
  }
}

/** One message inside a received buffer. `start` is behind the netlink header, `end` behind the last byte. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export function* messages(bytes: Buffer, length: number): Generator<Message> {
  for (let at = 0; at + HEADER_BYTES <= length;) {
    const size = bytes.readUInt32LE(at);
    if (size < HEADER_BYTES || at + size > length) throw new Error("a netlink message was cut off");
    yield {
      type: bytes.readUInt16LE(at + 4), flags: bytes.readUInt16LE(at + 6), sequence: bytes.readUInt32LE(at + 8),
      bytes, start: at + HEADER_BYTES, end: at + size,
    };
    at += aligned(size);
  }
}

/** A question for all objects of a kind, and how one object of the answer reads; null leaves it out. */
export interface Listing<T> {
  readonly about: string;
  /** Written once, sent again and again. */
  readonly request: MessageWriter;
  readonly read: (message: Message) => T | null;
}

/** The objects in an answer's bytes. */
export function itemsOf<T>({ read }: Listing<T>, bytes: Buffer): T[] {
  const items: T[] = [];
  for (const message of messages(bytes, bytes.length)) {
    const item = message.type === NLMSG_DONE ? null : read(message);
    if (item !== null) items.push(item);
  }
  return items;
}

/** Calls `visit` with type and place of each attribute between `start` and `end`. Without garbage: links have some sixty each. */
export function eachAttribute(bytes: Buffer, start: number, end: number, visit: (type: number, start: number, end: number) => void): void {
  for (let at = start; at + ATTRIBUTE_HEADER_BYTES <= end;) {
    const size = bytes.readUInt16LE(at);
    if (size < ATTRIBUTE_HEADER_BYTES || at + size > end) throw new Error("a netlink attribute was cut off");
    visit(bytes.readUInt16LE(at + 2) & NLA_TYPE_MASK, at + ATTRIBUTE_HEADER_BYTES, at + size);
    at += aligned(size);
  }
}

/** Text of an attribute without its terminating zero. */
export const textAt = (bytes: Buffer, start: number, end: number): string =>
  bytes.toString("utf8", start, end > start && bytes[end - 1] === 0 ? end - 1 : end);
