import { describe, expect, it } from "vitest";
import { decodeStrictJson, decodeStrictJsonText, PAYLOAD_LIMITS } from "./strict-json";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = (text: string): string => {
  const decoded = decodeStrictJson(bytes(text), PAYLOAD_LIMITS);
  return decoded.ok ? "accepted" : decoded.error.code;
};

describe("strict JSON", () => {
  it.each([
    "{}", '{"a":1}', ' { "a" : [ 1 , -2 , true , false , null , "x" , { } , [ ] ] } ', '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"a":"\\"}{][,:\\\\"}', '{"a\\u0062":1}', '{"a":9007199254740991,"b":-9007199254740991}', '{"a":"\\ud83d\\ude00 😀"}', '{"":0}',
  ])("reads %s exactly as JSON.parse does", (text) => {
    expect(decodeStrictJson(bytes(text), PAYLOAD_LIMITS)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it.each([
    ['{"a":1,"a":1}'], ['{"a":1,"\\u0061":2}'], ['{"x":[{"b":{"c":1,"d":2,"c":3}}]}'], ['{"a":{},"b":[],"a":"a"}'], ['{"\\/":1,"/":2}'],
  ])("refuses a key that stands twice: %s", (text) => expect(codeOf(text)).toBe("JSON_DUPKEY"));

  it.each([['{"__proto__":1}'], ['{"a":[{"constructor":1}]}'], ['{"\\u005f_proto__":1}'], ['{"prototype":{}}']])(
    "refuses a key that JavaScript gives a meaning: %s", (text) => expect(codeOf(text)).toBe("JSON_SYNTAX"));

  it.each([
    ["1e400"], ["9007199254740993"], ["-0"], ["1.0"], ["1E2"], ["-9007199254740992"], ["0.5"],
  ])("refuses the number %s", (number) => expect(codeOf(`{"a":${number}}`)).toBe("JSON_LIMIT"));

  it.each([
    [""], [" "], ["{"], ["}"], ["{}{}"], ["{} x"], ['{"a":1}]'], ["{'a':1}"], ['{"a":1,}'], ['{,"a":1}'], ['{"a" 1}'], ['{"a":}'], ['{"a":1 /* c */}'],
    ['{"a":01}'], ['{"a":+1}'], ['{"a":NaN}'], ['{"a":undefined}'], ['{"a":"\u0001"}'], ['{"a":"\\x"}'], ['{"a":"x'], ['{a:1}'], ['{"a":1 "b":2}'],
    ["[]"], ['"x"'], ["1"], ["null"], ["\ufeff{}"], ['{"a":"\\ud800"}'], ['{"\\udfff":1}'], ['{"a":tru}'], ['{"a":.5}'], ['{"a":--1}'], ["{\u00a0}"],
  ])("refuses %j", (text) => expect(["JSON_SYNTAX", "JSON_LIMIT"]).toContain(codeOf(text)));

  it.each([
    ["latin-1", [0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]], ["overlong", [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]],
    ["CESU surrogates", [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]], ["UTF-16", [0x7b, 0x00, 0x7d, 0x00]],
    ["byte order mark", [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
  ])("refuses %s bytes", (_name, raw) => {
    expect(decodeStrictJson(Uint8Array.from(raw), PAYLOAD_LIMITS)).toMatchObject({ ok: false, error: { code: "JSON_SYNTAX" } });
  });

  it("accepts each limit and refuses one more", () => {
    const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    expect(codeOf(nested(32))).toBe("accepted");
    expect(codeOf(nested(33))).toBe("JSON_LIMIT");
    const values = (count: number): string => `{"a":[${Array.from({ length: count - 2 }, () => "0").join(",")}]}`;
    expect(codeOf(values(50_000))).toBe("accepted");
    expect(codeOf(values(50_001))).toBe("JSON_LIMIT");
    expect(codeOf(`{"a":"${"x".repeat(4096)}"}`)).toBe("accepted");
    expect(codeOf(`{"a":"${"x".repeat(4097)}"}`)).toBe("JSON_LIMIT");
    expect(codeOf(`{"a":"${"é".repeat(2049)}"}`)).toBe("JSON_LIMIT");
    expect(codeOf(`{"${"k".repeat(128)}":1}`)).toBe("accepted");
    expect(codeOf(`{"${"k".repeat(129)}":1}`)).toBe("JSON_LIMIT");
    expect(codeOf(`{"a":1${" ".repeat(1024 * 1024)}}`)).toBe("TOO_LARGE");
    expect(decodeStrictJsonText(`{"a":1${" ".repeat(1024 * 1024)}}`, PAYLOAD_LIMITS)).toMatchObject({ ok: false, error: { code: "TOO_LARGE" } });
  });

  it("refuses a depth of 500,000 by counting, not by running out of stack", () => {
    expect(codeOf(`{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}}`)).toBe("JSON_LIMIT");
  });

  it.each([
    ["a depth of 500,000", `{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}}`],
    ["half a million numbers", `{"a":[${"0,".repeat(500_000)}0]}`],
  ])("refuses %s within 50 ms", (_, text) => {
    const document = bytes(text);
    // The fastest of several: what else the machine does costs time, too.
    const times = Array.from({ length: 7 }, () => {
      const started = performance.now();
      expect(decodeStrictJson(document, PAYLOAD_LIMITS).ok).toBe(false);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });

  it("reads a string of a megabyte without a stack of that depth", () => {
    const text = `{"a":"${"\\n".repeat(400_000)}"}`;
    expect(decodeStrictJson(bytes(text), { ...PAYLOAD_LIMITS, stringBytesMax: 1e6 })).toMatchObject({ ok: true });
  });
});
