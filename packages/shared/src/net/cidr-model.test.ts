import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrOf, containsAddress, containsCidr, firstAddress, formatAddress, formatCidr, lastAddress, nextFreeCidr, overlaps, parseAddress, parseCidr, sizeOf } from "./cidr";

/** An independent model in whole numbers of any size: masks and shifts, no floating point. */
const ALL = (1n << 32n) - 1n;
const maskOf = (length: number): bigint => (ALL << BigInt(32 - length)) & ALL;
const model = {
  base: (address: number, length: number) => BigInt(address) & maskOf(length),
  last: (base: bigint, length: number) => base | (ALL ^ maskOf(length)),
  contains: (base: bigint, length: number, address: number) => (BigInt(address) & maskOf(length)) === base,
  format: (address: bigint) => [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join("."),
};

const EDGES = [0, 1, 2, 255, 256, 65535, 65536, 2 ** 24 - 1, 2 ** 24, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 2 ** 16, 2 ** 32 - 256, 2 ** 32 - 2, 2 ** 32 - 1];
const CASES = 250_000;

/** Addresses and lengths, the ends of the space and of its halves far more often than chance would have them. */
function* cases(): Generator<{ a: number; b: number; l: number; m: number }> {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const address = () => (next() % 4 === 0 ? EDGES[next() % EDGES.length] ?? 0 : next());
  const length = () => (next() >>> 8) % 33;
  for (let n = 0; n < CASES; n++) yield { a: address(), b: address(), l: length(), m: length() };
}

describe("prefixes agree with an independent model", () => {
  it("base, last, size, containment and overlap, in many cases", () => {
    const wrong: unknown[] = [];
    for (const { a, b, l, m } of cases()) {
      const [x, y] = [cidrOf(a, l), cidrOf(b, m)];
      const base = model.base(a, l);
      const inside = m >= l && model.contains(base, l, y.base);
      const around = l >= m && model.contains(model.base(b, m), m, x.base);
      const agrees = BigInt(firstAddress(x)) === base && BigInt(lastAddress(x)) === model.last(base, l) && sizeOf(x) === Number(1n << BigInt(32 - l)) &&
        containsAddress(x, b) === model.contains(base, l, b) && containsCidr(x, y) === inside && overlaps(x, y) === (inside || around);
      if (!agrees) wrong.push({ a, l, b, m });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it("text and back", () => {
    const wrong: unknown[] = [];
    let n = 0;
    for (const { a, l } of cases()) {
      if (++n > CASES / 5) break;
      const cidr = cidrOf(a, l);
      const text = model.format(BigInt(a));
      const canonical = parseCidr(formatCidr(cidr));
      const drawn = parseCidr(`${text}/${l}`);
      const agrees = formatAddress(a) === text && parseAddress(text) === a && canonical.ok && canonical.value.base === cidr.base && canonical.value.length === l &&
        (drawn.ok ? cidr.base === a : drawn.error.kind === "host-bits" && drawn.error.canonical === formatCidr(cidr) && cidr.base !== a);
      if (!agrees) wrong.push({ a, l });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it("the next free prefix lies inside, meets nothing that is taken, and is the lowest", () => {
    fc.assert(fc.property(fc.oneof(fc.constantFrom(...EDGES), fc.nat({ max: 2 ** 31 - 1 })), fc.integer({ min: 16, max: 26 }), fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 20 }), (a, l, taken) => {
      const outer = cidrOf(a, l);
      const size = 2 ** (32 - l - 3);
      const blocks = taken.map((n) => cidrOf(outer.base + (n % 32) * (size / 4), l + 5));
      const free = Array.from({ length: 8 }, (_, n) => cidrOf(outer.base + n * size, l + 3)).find((block) => !blocks.some((other) => overlaps(other, block)));
      expect(nextFreeCidr(outer, l + 3, blocks)).toEqual(free ?? null);
    }), { numRuns: 300 });
  });

  it("nothing but four plain decimals and a plain length is an address or a prefix", () => {
    const strict = /^(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}$/;
    const strictLength = /^(\d|[12]\d|3[0-2])$/;
    const nearly = fc.array(fc.constantFrom("0", "1", "2", "5", "9", "10", "255", "256", ".", ".", ".", "/", "-", "+", " ", "x", "\n", "１", ":"), { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(fc.property(fc.oneof(nearly, fc.string()), (text) => {
      expect(parseAddress(text) !== null).toBe(strict.test(text) && !text.endsWith("\n"));
      const [left = "", right, ...more] = text.split("/");
      const isCidr = more.length === 0 && right !== undefined && strict.test(left) && strictLength.test(right) && !right.endsWith("\n");
      const parsed = parseCidr(text);
      expect(parsed.ok || parsed.error.kind === "host-bits").toBe(isCidr);
    }), { numRuns: 2000 });
  });
});
