import type { ErrorCode } from "../errors/error-code";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";

/**
 * Decoder for JSON that comes from the other side of a trust boundary. `JSON.parse` alone keeps the last of two equal keys,
 * makes own `__proto__` keys, turns 1e400 into Infinity and accepts any depth; each of these lets two readers of the same
 * bytes see different documents. One pass over the text checks limits and keys without recursion, then `JSON.parse`, which
 * is exact on syntax, makes the value. The pass is lenient on syntax on purpose: what it lets through, `JSON.parse` refuses.
 */
export interface JsonLimits {
  readonly bytesMax: number;
  /** Objects and arrays inside each other; the top level object is depth 1. */
  readonly depthMax: number;
  /** Strings, numbers, literals, arrays and objects together; keys not counted. */
  readonly valuesMax: number;
  /** Bytes of UTF-8 of one string value. */
  readonly stringBytesMax: number;
  /** Every number is a canonical integer in the safe range: no fraction, no exponent, no -0. */
  readonly integersOnly: boolean;
}

/** A signed payload (job): SECURITY 2.2. */
export const PAYLOAD_LIMITS: JsonLimits = {
  bytesMax: 1024 * 1024, depthMax: 32, valuesMax: 50_000, stringBytesMax: 4096, integersOnly: true,
};
/** A frame that carries an envelope: few values, one of them long. */
export const ENVELOPE_LIMITS: JsonLimits = {
  bytesMax: 1024 * 1024, depthMax: 8, valuesMax: 64, stringBytesMax: 1024 * 1024, integersOnly: true,
};
/** A frame of the agent: counters and plans have many values, rates have fractions. */
export const AGENT_FRAME_LIMITS: JsonLimits = {
  bytesMax: 1024 * 1024, depthMax: 12, valuesMax: 200_000, stringBytesMax: 1024 * 1024, integersOnly: false,
};

export interface JsonFault {
  readonly code: Extract<ErrorCode, "JSON_SYNTAX" | "JSON_DUPKEY" | "JSON_LIMIT" | "TOO_LARGE">;
  readonly message: string;
}

const KEY_BYTES_MAX = 128;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const CANONICAL_INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const NUMBER = /[-+0-9][-+.0-9eE]*/y;
const LITERAL = /[A-Za-z]+/y;

const fault = (code: JsonFault["code"], message: string): Result<never, JsonFault> => err({ code, message });

/** Bytes of one JSON object to its value, or the first rule they break. */
export function decodeStrictJson(bytes: Uint8Array, limits: JsonLimits): Result<Record<string, unknown>, JsonFault> {
  if (bytes.length > limits.bytesMax) return fault("TOO_LARGE", `${bytes.length} bytes, at most ${limits.bytesMax} are read`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fault("JSON_SYNTAX", "not valid UTF-8");
  }
  const broken = scan(text, limits);
  if (broken) return err(broken);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault("JSON_SYNTAX", "not valid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fault("JSON_SYNTAX", "the top level must be an object");
  return ok(value as Record<string, unknown>);
}

/** Like `decodeStrictJson`, for text that was decoded from valid UTF-8 already (a text frame of a WebSocket). */
export const decodeStrictJsonText = (text: string, limits: JsonLimits): Result<Record<string, unknown>, JsonFault> =>
  text.length > limits.bytesMax
    ? fault("TOO_LARGE", `more than ${limits.bytesMax} bytes`)
    : decodeStrictJson(new TextEncoder().encode(text), limits);

/** Keys seen so far of an open object, or null for an open array. */
type Open = Set<string> | null;

function scan(text: string, limits: JsonLimits): JsonFault | null {
  const open: Open[] = [];
  let values = 0;
  let keyComesNext = false;
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09 || char === 0x3a) {
      at += 1; // white space and colon
      continue;
    }
    if (char === 0x2c) {
      keyComesNext = open.at(-1) instanceof Set;
      at += 1;
      continue;
    }
    if (char === 0x7d || char === 0x5d) {
      open.pop();
      keyComesNext = false;
      at += 1;
      continue;
    }
    const isKey = keyComesNext;
    keyComesNext = false;
    if (!isKey && ++values > limits.valuesMax) return { code: "JSON_LIMIT", message: `more than ${limits.valuesMax} values` };
    if (char === 0x7b || char === 0x5b) {
      open.push(char === 0x7b ? new Set() : null);
      if (open.length > limits.depthMax) return { code: "JSON_LIMIT", message: `nested deeper than ${limits.depthMax}` };
      keyComesNext = char === 0x7b;
      at += 1;
      continue;
    }
    const token = tokenAt(text, at, char);
    if (token === null) return { code: "JSON_SYNTAX", message: `unexpected character at position ${at}` };
    at += token.length;
    const broken = char === 0x22
      ? isKey ? checkKey(token, open.at(-1) ?? null) : checkString(token, limits)
      : checkScalar(token, char, limits);
    if (broken) return broken;
  }
  return null;
}

function tokenAt(text: string, at: number, char: number): string | null {
  if (char === 0x22) return stringAt(text, at);
  const pattern = char === 0x2d || (char >= 0x30 && char <= 0x39) ? NUMBER : LITERAL;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** By hand, not by a pattern: a pattern needs stack for each character of a long string. */
function stringAt(text: string, at: number): string | null {
  for (let end = at + 1; end < text.length; end++) {
    const char = text.charCodeAt(end);
    if (char === 0x22) return text.slice(at, end + 1);
    if (char === 0x5c) end += 1;
  }
  return null;
}

/** The text that a string token stands for; null when its escapes are wrong or it holds half a surrogate pair. */
function unescape(token: string): string | null {
  try {
    const text = token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
    return LONE_SURROGATE.test(text) ? null : text;
  } catch {
    return null;
  }
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;
/** No UTF-16 unit needs more than three bytes of UTF-8, so short texts need no counting. */
const longerThan = (text: string, bytesMax: number): boolean => text.length * 3 > bytesMax && utf8Length(text) > bytesMax;

function checkKey(token: string, keys: Open): JsonFault | null {
  if (token.length > KEY_BYTES_MAX * 6) return { code: "JSON_LIMIT", message: `a key is longer than ${KEY_BYTES_MAX} bytes` };
  const key = unescape(token);
  if (key === null) return { code: "JSON_SYNTAX", message: "a key is not valid text" };
  if (longerThan(key, KEY_BYTES_MAX)) return { code: "JSON_LIMIT", message: `a key is longer than ${KEY_BYTES_MAX} bytes` };
  if (FORBIDDEN_KEYS.has(key)) return { code: "JSON_SYNTAX", message: `the key ${key} is not allowed` };
  if (keys?.has(key)) return { code: "JSON_DUPKEY", message: `the key ${JSON.stringify(key)} stands twice in one object` };
  keys?.add(key);
  return null;
}

function checkString(token: string, limits: JsonLimits): JsonFault | null {
  const text = unescape(token);
  if (text === null) return { code: "JSON_SYNTAX", message: "a string is not valid text" };
  if (longerThan(text, limits.stringBytesMax)) return { code: "JSON_LIMIT", message: `a string is longer than ${limits.stringBytesMax} bytes` };
  return null;
}

function checkScalar(token: string, char: number, limits: JsonLimits): JsonFault | null {
  if (char >= 0x41) return null; // true, false, null: JSON.parse knows them
  const number = Number(token);
  if (!Number.isFinite(number)) return { code: "JSON_LIMIT", message: `the number ${token.slice(0, 40)} is out of range` };
  if (!limits.integersOnly) return null;
  if (!CANONICAL_INTEGER.test(token)) return { code: "JSON_LIMIT", message: `the number ${token.slice(0, 40)} is not a plain integer` };
  if (!Number.isSafeInteger(number)) return { code: "JSON_LIMIT", message: `the number ${token.slice(0, 40)} is out of range` };
  return null;
}
