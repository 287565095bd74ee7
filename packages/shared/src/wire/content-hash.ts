import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Topology } from "../topology/topology";

/**
 * What an apply asks for, as 64 hex digits: two jobs of one generation must agree in it. Session, sequence and times are
 * not part of it, the order of keys in the document does not matter, the order of lists does.
 */
export function contentHashOf(topologyName: string, desired: Topology | null): string {
  return bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(sorted([topologyName, desired])))));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
