import { describe, expect, it } from "vitest";
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from "./base64";

describe("base64 with one spelling", () => {
  it("takes every length back to the same bytes, in both alphabets", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length * 7) & 255);
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
    }
    expect(encodeBase64(new TextEncoder().encode("light w"))).toBe("bGlnaHQgdw==");
  });

  it.each(["QUJD!!!RA==", "QUJDRB==", "QUJDRA=", "QUJDRA", "QUJD RA==", "QUJDRA==\n", "QUJD=RA=", "====", "Q===", "QQ==QQ==", "-_-_", "QUJDRA===="])(
    "refuses %j", (text) => expect(decodeBase64(text)).toBeNull());

  it.each(["QUJDRA==", "QUJDRB", "+/+/", "Q", "QU D"])("refuses %j as url-safe", (text) => expect(decodeBase64Url(text)).toBeNull());
});
