import { encodeBase64Url } from "../wire/base64";
import { keyIdOf, SIGNATURE_BYTES } from "../wire/public-key";

/**
 * Every 32 bytes that decode to one of the eight points whose order divides 8, in little endian hexadecimal: the eight of RFC 8032, then
 * the six that name the same points in another way (a sign of x where x is 0, or y + p).
 */
const ENCODINGS: readonly (readonly [string, string])[] = [
  ["order 1", "0100000000000000000000000000000000000000000000000000000000000000"],
  ["order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
  ["order 4", "0000000000000000000000000000000000000000000000000000000000000000"],
  ["order 4, negative", "0000000000000000000000000000000000000000000000000000000000000080"],
  ["order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
  ["order 8, negative", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"],
  ["order 8, the other y", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"],
  ["order 8, the other y, negative", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"],
  ["order 1 with a sign", "0100000000000000000000000000000000000000000000000000000000000080"],
  ["order 2 with a sign", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"],
  ["order 1 as p + 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
  ["order 1 as p + 1 with a sign", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"],
  ["order 4 as p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
  ["order 4 as p, negative", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"],
];

/** A key by which a signature proves nothing. */
export interface SmallOrderKey {
  readonly keyId: string;
  readonly text: string;
  /** R is the neutral element and S is 0: good for any message under the key of order 1, and for some under the others. */
  readonly signature: Uint8Array;
}

/** Name and key of each, for `it.each`. */
export const SMALL_ORDER_KEYS: readonly (readonly [string, SmallOrderKey])[] = ENCODINGS.map(([name, hex]) => {
  const raw = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  return [name, { keyId: keyIdOf(raw), text: encodeBase64Url(raw), signature: Uint8Array.from({ length: SIGNATURE_BYTES }, (_, i) => (i === 0 ? 1 : 0)) }];
});
