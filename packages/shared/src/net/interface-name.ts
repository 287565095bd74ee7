import { sha256 } from "@noble/hashes/sha2.js";

/**
 * Kernel names of links. The kernel allows 15 bytes, people write names of 30: so a link's name is a kind prefix and ten
 * characters of a hash over the ids, never a cut name (cut names collided in the tools before), and the readable name is
 * its alias.
 */
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const HASH_CHARS = 10;
export const INTERFACE_NAME_BYTES_MAX = 15;

/** Which link of an object: its own bridge, the end in its router, the end on the host, the accepter's end; access: the host's own way in. */
export type LinkRole =
  | "bridge" | "instance" | "nat-gateway" | "gateway-router" | "gateway-host" | "access-router" | "access-host"
  | "peering-requester" | "peering-accepter";

const PREFIX: Record<LinkRole, string> = {
  bridge: "br-",
  instance: "vi-",
  "nat-gateway": "nat-",
  "gateway-router": "igw-",
  "gateway-host": "igh-",
  "access-router": "vpr-",
  "access-host": "vph-",
  "peering-requester": "pcx-",
  "peering-accepter": "pcx-",
};

/** Name of an instance's (or a NAT gateway's) own interface, inside its namespace. */
export const INSTANCE_INTERFACE = "eth0";

/** Link name for an object of a topology, e.g. `br-k3v7qz2m4a`: 13 or 14 bytes, the same for the same ids for ever. */
export const interfaceName = (role: LinkRole, topologyId: string, objectId: string): string =>
  remembered(`link ${role} ${topologyId} ${objectId}`, () => PREFIX[role] + base32(digest("link", role, topologyId, objectId)).slice(0, HASH_CHARS));

/** A locally administered unicast MAC address derived from ids, so that rebuilding a link does not confuse neighbours. */
export function macAddress(role: LinkRole | "instance-inside" | "nat-gateway-inside", topologyId: string, objectId: string): string {
  return remembered(`mac ${role} ${topologyId} ${objectId}`, () => {
    const bytes = digest("mac", role, topologyId, objectId).slice(0, 5);
    return ["02", ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))].join(":");
  });
}

/**
 * Names are asked for again with every look at the kernel, and a hash costs more than all else that is done for a link.
 * Bounded, so that a server that draws plans for ever does not grow.
 */
const REMEMBERED_MAX = 50_000;
const names = new Map<string, string>();

function remembered(key: string, make: () => string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  if (names.size >= REMEMBERED_MAX) names.clear();
  const made = make();
  names.set(key, made);
  return made;
}

const digest = (...parts: string[]): Uint8Array => sha256(new TextEncoder().encode(parts.join("\0")));

function base32(bytes: Uint8Array): string {
  let out = "";
  for (let bit = 0; bit + 5 <= bytes.length * 8; bit += 5) {
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    out += BASE32[(pair >> (11 - (bit & 7))) & 31];
  }
  return out;
}
