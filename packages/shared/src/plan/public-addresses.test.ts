import { describe, expect, it } from "vitest";
import { cidrFrom } from "../net/cidr";
import { allocatePublicAddresses } from "./public-addresses";

const pool = cidrFrom("198.51.100.128/29");

describe("public addresses of a pool", () => {
  it("are given lowest first, without the pool's first and last", () => {
    expect(allocatePublicAddresses(pool, {}, ["a", "b"])).toEqual({ a: "198.51.100.129", b: "198.51.100.130" });
  });
  it("stay with their owner, and what is given back is given again", () => {
    expect(allocatePublicAddresses(pool, { b: "198.51.100.130" }, ["a", "b", "c"])).toEqual({
      a: "198.51.100.129", b: "198.51.100.130", c: "198.51.100.131",
    });
  });
  it("run out: who comes too late gets none, who has one keeps it", () => {
    const wanted = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const given = allocatePublicAddresses(pool, { h: "198.51.100.133" }, wanted);
    expect(Object.keys(given).sort()).toEqual(["a", "b", "c", "d", "e", "h"]);
    expect(new Set(Object.values(given)).size).toBe(6);
    expect(given["h"]).toBe("198.51.100.133");
  });
  it("of another pool are forgotten", () => {
    expect(allocatePublicAddresses(pool, { a: "203.0.113.5" }, ["a"])).toEqual({ a: "198.51.100.129" });
  });
});
