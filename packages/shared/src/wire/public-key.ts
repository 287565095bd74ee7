import { sha256 } from "@noble/hashes/sha2.js";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { decodeBase64Url, encodeBase64Url } from "./base64";

/** Raw Ed25519 public keys (RFC 8032 5.1.2): 32 bytes, little endian y with the sign of x in the top bit. */
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

const P = 2n ** 255n - 19n;
/** y of the eight points whose order divides 8; such a "key" verifies one fixed signature over any message. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n, 1n, P - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

/** Base64url text of a public key to its bytes; refuses wrong length, non-canonical encodings and points of small order. */
export function decodePublicKey(text: string): Result<Uint8Array, string> {
  const raw = decodeBase64Url(text);
  if (!raw) return err("the key is not canonical base64url");
  if (raw.length !== PUBLIC_KEY_BYTES) return err(`the key has ${raw.length} bytes, an Ed25519 public key has ${PUBLIC_KEY_BYTES}`);
  let y = 0n;
  for (let i = PUBLIC_KEY_BYTES - 1; i >= 0; i--) y = (y << 8n) | BigInt(i === PUBLIC_KEY_BYTES - 1 ? raw[i]! & 0x7f : raw[i]!);
  if (y >= P) return err("the key is not in canonical form");
  if (SMALL_ORDER_Y.has(y)) return err("the key is a point of small order");
  return ok(raw);
}

const FINGERPRINT_GROUPS = 8;

/** A key as two people compare it by eye: the first 128 bits of its SHA-256 in eight groups, e.g. `1f3a-…-09bc`. */
export function fingerprintOf(raw: Uint8Array): string {
  const hex = [...sha256(raw).slice(0, FINGERPRINT_GROUPS * 2)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return Array.from({ length: FINGERPRINT_GROUPS }, (_, i) => hex.slice(i * 4, i * 4 + 4)).join("-");
}

/** Fingerprint of a raw public key, base64url of its SHA-256: the `keyid` of envelopes and the second part of a join token. */
export const keyIdOf = (raw: Uint8Array): string => encodeBase64Url(sha256(raw));
