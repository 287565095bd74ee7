/**
 * Base64 that has one spelling for each byte sequence. `Buffer.from(text, "base64")` skips what it does not know, accepts
 * missing padding and ignores trailing bits, so two different texts would decode to the same signed bytes.
 */
const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Standard alphabet, padded (DSSE). Null when the text is not the canonical encoding of any bytes. */
export const decodeBase64 = (text: string): Uint8Array | null => decode(text, STANDARD, true);
export const encodeBase64 = (bytes: Uint8Array): string => encode(bytes, STANDARD, true);
/** URL-safe alphabet, not padded (keys, nonces, tokens). */
export const decodeBase64Url = (text: string): Uint8Array | null => decode(text, URL_SAFE, false);
export const encodeBase64Url = (bytes: Uint8Array): string => encode(bytes, URL_SAFE, false);

function encode(bytes: Uint8Array, alphabet: string, padded: boolean): string {
  const out: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const left = Math.min(3, bytes.length - i);
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k <= left; k++) out.push(alphabet.charAt((bits >> (18 - 6 * k)) & 63));
    if (padded && left < 3) out.push("=".repeat(3 - left));
  }
  return out.join("");
}

function decode(text: string, alphabet: string, padded: boolean): Uint8Array | null {
  if (padded && text.length % 4 !== 0) return null;
  const body = padded ? text.replace(/={1,2}$/, "") : text;
  if (body.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  const values = valuesOf(alphabet);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < body.length; i++) {
    const value = values[body.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 255;
    }
  }
  // Bits that are left over must be zero, and padding must be exactly what the length asks for.
  if ((bits & ((1 << held) - 1)) !== 0) return null;
  if (padded && text.length !== Math.ceil(bytes.length / 3) * 4) return null;
  return bytes;
}

const tables = new Map<string, Int8Array>();
function valuesOf(alphabet: string): Int8Array {
  let table = tables.get(alphabet);
  if (!table) {
    table = new Int8Array(128).fill(-1);
    for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
    tables.set(alphabet, table);
  }
  return table;
}
