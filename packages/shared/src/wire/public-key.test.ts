import { describe, expect, it } from "vitest";
import { SMALL_ORDER_KEYS } from "../testing/small-order-keys";
import { encodeBase64Url } from "./base64";
import { decodePublicKey, keyIdOf } from "./public-key";

const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
const GOOD = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"); // RFC 8032 7.1, test 1

describe("public keys", () => {
  it("accepts a real key", () => {
    expect(decodePublicKey(encodeBase64Url(GOOD))).toEqual({ ok: true, value: GOOD });
    expect(keyIdOf(GOOD)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  // Points of order 1, 2, 4, 4, 8 …, with either sign bit; list as in libsodium's ge25519_has_small_order.
  it.each([
    "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  ])("refuses the small-order point %s", (hex) => {
    expect(decodePublicKey(encodeBase64Url(fromHex(hex)))).toEqual({ ok: false, error: "the key is a point of small order" });
  });

  it.each([
    ["y = p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["y = p + 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["y = 2^255 - 1, sign set", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"],
  ])("refuses %s", (_name, hex) => {
    expect(decodePublicKey(encodeBase64Url(fromHex(hex)))).toEqual({ ok: false, error: "the key is not in canonical form" });
  });

  it.each(SMALL_ORDER_KEYS)("refuses every spelling of the eight points whose order divides 8: %s", (_, { text }) => {
    expect(decodePublicKey(text).ok).toBe(false);
  });

  it("refuses other lengths and spellings", () => {
    for (const text of ["", "AA", encodeBase64Url(GOOD.slice(1)), `${encodeBase64Url(GOOD)}AA`, `${encodeBase64Url(GOOD)}=`, `${encodeBase64Url(GOOD)} `])
      expect(decodePublicKey(text).ok).toBe(false);
  });
});
