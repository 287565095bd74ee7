import type { ObjectKind } from "./topology";

export const ID_PREFIX = {
  vpc: "vpc",
  subnet: "subnet",
  instance: "i",
  "internet-gateway": "igw",
  "nat-gateway": "nat",
  "elastic-ip": "eipalloc",
  "route-table": "rtb",
  "security-group": "sg",
  "network-acl": "acl",
  peering: "pcx",
} as const satisfies Record<ObjectKind, string>;

const ID_BYTES = 6;

/** Fills a buffer with random bytes; `crypto.getRandomValues` in browser and Node, seeded in tests. */
export type RandomBytes = (bytes: Uint8Array) => Uint8Array;

/** A new object id, e.g. `subnet-0a1b2c3d4e5f`. `random` is passed in because this package has no I/O. */
export const newId = (kind: ObjectKind, random: RandomBytes): string => `${ID_PREFIX[kind]}-${randomHex(random)}`;

/** A new id for a rule of a security group, e.g. `sgr-0a1b2c3d4e5f`. */
export const newRuleId = (random: RandomBytes): string => `sgr-${randomHex(random)}`;

const randomHex = (random: RandomBytes): string =>
  Array.from(random(new Uint8Array(ID_BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The kind an id speaks of, or null when it is no id of ours. */
export function kindOfId(id: string): ObjectKind | null {
  const prefix = id.slice(0, id.indexOf("-"));
  for (const [kind, known] of Object.entries(ID_PREFIX)) if (known === prefix) return kind as ObjectKind;
  return null;
}
