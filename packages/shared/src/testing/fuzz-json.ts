import type { JsonLimits } from "../wire/strict-json";
import { decodeStrictJson } from "../wire/strict-json";
import type { Choose } from "./choose";

const TEXT = new TextEncoder();
/** Pieces that mean something to a decoder, whole and broken. */
const TOKENS = [
  '"', "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-", "0", "-0", "1e400", "1E2", "9007199254740993", "0.5", '"a"', '"\\u0061"', '"__proto__"', '"constructor"', '""', "\\ud800",
  '"\\u0000"', " ", "\n", "\ufeff", "\u00a0", "é", "😀", "//", "/*", "'", '{"a":1}', "[[[[[[[[", '{"a":{"a":{"a":', '"x"'.repeat(40), "0,".repeat(70),
].map((text) => TEXT.encode(text));

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** One to five changes: bytes flipped, taken out, put in, repeated; halves exchanged; a second document. */
export function mutateBytes(original: Uint8Array, choose: Choose): Uint8Array {
  let bytes = original;
  for (let changes = 1 + choose.int(5); changes > 0; changes -= 1) {
    const at = choose.int(bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (choose.int(7)) {
      case 0: bytes = joined(before, Uint8Array.of((after[0] ?? 0) ^ (1 << choose.int(8))), after.subarray(1)); break;
      case 1: bytes = joined(before, after.subarray(1 + choose.int(8))); break;
      case 2: case 3: bytes = joined(before, choose.of(TOKENS), after); break;
      case 4: bytes = joined(before, Uint8Array.of(choose.int(256)), after.subarray(1)); break;
      case 5: bytes = joined(before, after.subarray(0, 1 + choose.int(40)), after); break;
      default: bytes = choose.chance(0.5) ? joined(after, before) : joined(bytes, original);
    }
    bytes = bytes.subarray(0, 4_096);
  }
  return bytes;
}

/** A string, with its colon where it is a key. */
const STRING = /"(?:[^"\\]|\\[^])*"(\s*:)?/g;

/**
 * What is wrong with how the decoder took these bytes, judged by means of its own; null: nothing. What it accepts must be exactly what
 * every other reader of the same bytes sees.
 */
export function decoderFault(bytes: Uint8Array, limits: JsonLimits, decode: typeof decodeStrictJson = decodeStrictJson): string | null {
  let decoded;
  try {
    decoded = decode(bytes, limits);
  } catch (error) {
    return `it throws ${String(error)}`;
  }
  if (!decoded.ok) return null;
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  if (JSON.stringify(decoded.value) !== JSON.stringify(JSON.parse(text))) return "it reads something else than JSON.parse";
  const { keys, values, depth } = measure(decoded.value);
  if ([...text.matchAll(STRING)].filter(([, colon]) => colon !== undefined).length !== keys) return "a key stands twice";
  if (/"(?:__proto__|constructor|prototype)"\s*:/.test(JSON.stringify(decoded.value))) return "a key that JavaScript gives a meaning";
  if (bytes.length > limits.bytesMax || values > limits.valuesMax || depth > limits.depthMax) return "it is beyond the limits";
  return null;
}

function measure(value: unknown): { keys: number; values: number; depth: number } {
  if (typeof value !== "object" || value === null) return { keys: 0, values: 1, depth: 0 };
  const inner = Object.values(value).map(measure);
  return {
    keys: inner.reduce((sum, { keys }) => sum + keys, Array.isArray(value) ? 0 : inner.length),
    values: inner.reduce((sum, { values }) => sum + values, 1),
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
  };
}
