import { describe, expect, it } from "vitest";
import { addressBytes, bytesOfSeen, destinationBytes, destinationText, longAddressAt, macAt, macBytes } from "./addresses";
import { HEADER_BYTES, MessageWriter, eachAttribute, messages, textAt } from "./message";

const attributesOf = (bytes: Buffer, start: number, end: number): [number, string][] => {
  const found: [number, string][] = [];
  eachAttribute(bytes, start, end, (type, from, to) => found.push([type, bytes.toString("hex", from, to)]));
  return found;
};

describe("a netlink message", () => {
  it("has a header, and attributes at multiples of four bytes with their true length", () => {
    const bytes = new MessageWriter(16, 0x400).u32(7).text(3, "br").number(4, 1500).finished(9);
    expect(bytes.toString("hex")).toBe(
      ["24000000", "1000", "0104", "09000000", "00000000", "07000000", "07000300", "62720000", "08000400", "dc050000"].join(""));
  });
  it("nests, and grows beyond its first buffer with whole padding", () => {
    const long = "x".repeat(301);
    const bytes = new MessageWriter(16, 0).nested(18, (info) => info.text(1, "veth").nested(2, (data) => data.text(20, long))).finished(1);
    expect(bytes.length % 4).toBe(0);
    const [[kind, nested] = [0, ""]] = attributesOf(bytes, HEADER_BYTES, bytes.length);
    expect(kind).toBe(18);
    const inner = Buffer.from(nested, "hex");
    const texts: string[] = [];
    eachAttribute(inner, 0, inner.length, (type, from, to) => {
      if (type === 1) texts.push(textAt(inner, from, to));
      else eachAttribute(inner, from, to, (_type, first, last) => texts.push(textAt(inner, first, last)));
    });
    expect(texts).toEqual(["veth", long]);
  });
  it("that was cut off is an error, not half an answer", () => {
    const bytes = new MessageWriter(16, 0).text(3, "bridge").finished(1);
    expect(() => [...messages(bytes, bytes.length - 1)]).toThrow("cut off");
    expect(() => attributesOf(bytes, HEADER_BYTES, bytes.length - 4)).toThrow("cut off");
    expect([...messages(Buffer.concat([bytes, bytes]), bytes.length * 2)].map((message) => message.sequence)).toEqual([1, 1]);
  });
});

describe("addresses", () => {
  it("go both ways", () => {
    expect(addressBytes("169.254.64.1").toString("hex")).toBe("a9fe4001");
    for (const text of ["10.0.0.0/8", "192.0.2.7", "default", "198.51.100.128/25"]) {
      const { bytes, length } = destinationBytes(text);
      expect(destinationText(length === 0 ? null : bytes.join("."), length)).toBe(text);
    }
    const { family, bytes } = bytesOfSeen("2001:db8:0:0:0:0:0:7");
    expect([family, longAddressAt(bytes, 0)]).toEqual([10, "2001:db8:0:0:0:0:0:7"]);
    expect(macAt(macBytes("02:00:0a:ff:00:01"), 0, 6)).toBe("02:00:0a:ff:00:01");
  });
  it("of any other form are refused", () => {
    for (const text of ["10.0.0", "010.0.0.1", "10.0.0.256", "host"]) expect(() => addressBytes(text)).toThrow("not an IPv4 address");
    expect(() => macBytes("02:00")).toThrow("not a MAC address");
  });
});
