import { sha256 } from "@noble/hashes/sha2.js";

/** SHA-256 of a JSON value with sorted keys, hex: equal values have equal hashes whatever the order of their keys. */
export function contentHash(value: unknown): string {
  const bytes = sha256(new TextEncoder().encode(canonicalJson(value)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}
