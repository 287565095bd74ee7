import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrOf, containsAddress, firstAddress, formatAddress, formatCidr, lastAddress, nextFreeCidr, overlaps, parseAddress, parseCidr } from "./cidr";

const address = fc.integer({ min: 0, max: 0xffffffff });
const length = fc.integer({ min: 0, max: 32 });

/** An independent model: addresses as bigints, masks by shifting. */
const model = {
  first: (a: number, l: number) => (BigInt(a) >> BigInt(32 - l)) << BigInt(32 - l),
  last: (a: number, l: number) => model.first(a, l) + (1n << BigInt(32 - l)) - 1n,
};

describe("prefix arithmetic", () => {
  it("agrees with a bigint model, edges included", () => {
    fc.assert(fc.property(address, length, (a, l) => {
      const cidr = cidrOf(a, l);
      expect(BigInt(firstAddress(cidr))).toBe(model.first(a, l));
      expect(BigInt(lastAddress(cidr))).toBe(model.last(a, l));
    }), { numRuns: 5000, examples: [[0, 0], [0xffffffff, 32], [0xffffffff, 0], [0x80000000, 1]] });
  });

  it("two prefixes overlap exactly when their ranges share an address", () => {
    fc.assert(fc.property(address, length, address, length, (a, l, b, m) => {
      const shared = model.first(a, l) <= model.last(b, m) && model.first(b, m) <= model.last(a, l);
      expect(overlaps(cidrOf(a, l), cidrOf(b, m))).toBe(shared);
    }), { numRuns: 3000 });
  });

  it("what it prints, it reads back", () => {
    fc.assert(fc.property(address, length, (a, l) => {
      const cidr = cidrOf(a, l);
      expect(parseCidr(formatCidr(cidr))).toEqual({ ok: true, value: cidr });
      expect(parseAddress(formatAddress(a))).toBe(a);
    }), { numRuns: 3000 });
  });

  it("the next free prefix is inside, free, and the lowest of its kind", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 18, max: 30 })), { maxLength: 12 }), fc.integer({ min: 18, max: 28 }), (used, wanted) => {
      const outer = cidrOf(0x0a000000, 16);
      const taken = used.map(([offset, l]) => cidrOf(0x0a000000 + offset, l));
      const found = nextFreeCidr(outer, wanted, taken);
      const size = 2 ** (32 - wanted);
      const candidates = Array.from({ length: 65536 / size }, (_, i) => cidrOf(0x0a000000 + i * size, wanted));
      expect(found).toEqual(candidates.find((candidate) => !taken.some((other) => overlaps(other, candidate))) ?? null);
      if (found) expect(containsAddress(outer, lastAddress(found))).toBe(true);
    }), { numRuns: 300 });
  });
});

describe("reading addresses is strict, because ip and nft are not", () => {
  it.each([
    "010.0.0.1", "10.1", "0xa.0.0.1", "0x0a000001", "167772161", "10.0.0.256", "10.0.0.1.", " 10.0.0.1", "10.0.0.1 ", "localhost",
    "example.com", "１０.0.0.1", "١٠.0.0.1", "::ffff:10.0.0.1", "10.0.0.-1", "1e1.0.0.1", "", "10.0.0", "10..0.1", "10.0.0.1\n",
  ])("refuses the address %j", (text) => expect(parseAddress(text)).toBeNull());

  it.each(["10.0.0.0/024", "10.0.0.0/+8", "10.0.0.0/ 8", "10.0.0.0/8.0", "10.0.0.0/08", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/999", "10.0.0.0", "10.0.0.0/", "10/8", "/8", "10.0.0.0/8/8"])(
    "refuses the prefix %j", (text) => expect(parseCidr(text)).toEqual({ ok: false, error: { kind: "syntax" } }),
  );

  it("names the network when host bits are set", () => {
    expect(parseCidr("100.68.0.18/18")).toEqual({ ok: false, error: { kind: "host-bits", canonical: "100.68.0.0/18" } });
  });
});
