import { cidrFrom, firstAddress, formatAddress, sizeOf } from "../net/cidr";

/**
 * Point-to-point links between routers and the host use /31s (RFC 3021) of one link-local block. It leaves out
 * 169.254.169.0/24, where AWS's metadata and DNS live. One slot is one /31; slots are unique on a host.
 */
export const TRANSIT_CIDR = "169.254.64.0/18";
const BLOCK = cidrFrom(TRANSIT_CIDR);
export const TRANSIT_SLOTS = sizeOf(BLOCK) / 2;

/** The two addresses of a slot with prefix length; `near` is the router's (or the requester's) end. */
export function transitAddresses(slot: number): { near: string; far: string } {
  const base = firstAddress(BLOCK) + slot * 2;
  return { near: formatAddress(base), far: formatAddress(base + 1) };
}

/** Slots by key, e.g. `<topologyId>/<objectId>`. Keys keep their slot, new ones get the lowest free; null when none is left. */
export function allocateSlots(existing: Readonly<Record<string, number>>, wanted: readonly string[]): Record<string, number> | null {
  const slots: Record<string, number> = { ...existing };
  const used = new Set(Object.values(slots));
  let next = 0;
  for (const key of wanted) {
    if (slots[key] !== undefined) continue;
    while (used.has(next)) next++;
    if (next >= TRANSIT_SLOTS) return null;
    slots[key] = next;
    used.add(next);
  }
  return slots;
}
