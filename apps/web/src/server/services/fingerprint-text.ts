import { decodePublicKey, fingerprintOf } from "@vpclab/shared/wire/public-key";

/** Fingerprint of a stored key; empty when it is none. */
export function fingerprintText(publicKey: string): string {
  const raw = decodePublicKey(publicKey);
  return raw.ok ? fingerprintOf(raw.value) : "";
}
