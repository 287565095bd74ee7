import { describe, expect, it } from "vitest";
import { cidrFrom, containsAddress, parseAddress } from "../net/cidr";
import { allocateSlots, TRANSIT_CIDR, TRANSIT_SLOTS, transitAddresses } from "./transit";

describe("transit links", () => {
  it("every slot is a /31 of its own inside the block, away from AWS's metadata addresses", () => {
    const block = cidrFrom(TRANSIT_CIDR);
    const seen = new Set<string>();
    for (let slot = 0; slot < TRANSIT_SLOTS; slot++) {
      const { near, far } = transitAddresses(slot);
      for (const address of [near, far]) {
        expect(containsAddress(block, parseAddress(address) ?? -1)).toBe(true);
        expect(address.startsWith("169.254.169.")).toBe(false);
        seen.add(address);
      }
    }
    expect(seen.size).toBe(TRANSIT_SLOTS * 2);
  });

  it("keys keep their slot, new ones get the lowest free, a full block says so", () => {
    expect(allocateSlots({ a: 0, c: 2 }, ["c", "b", "d"])).toEqual({ a: 0, b: 1, c: 2, d: 3 });
    const full = Object.fromEntries(Array.from({ length: TRANSIT_SLOTS }, (_, i) => [`k${i}`, i]));
    expect(allocateSlots(full, ["k5"])).toEqual(full);
    expect(allocateSlots(full, ["one more"])).toBeNull();
  });
});
