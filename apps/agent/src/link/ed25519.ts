import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { decodeBase64Url, encodeBase64Url } from "@vpclab/shared/wire/base64";
import { decodePublicKey, fingerprintOf, keyIdOf, SIGNATURE_BYTES } from "@vpclab/shared/wire/public-key";

/** A public key that was checked (length, canonical form, order) and its fingerprint. */
export interface TrustedKey {
  readonly keyId: string;
  /** Raw 32 bytes, base64url. */
  readonly text: string;
  readonly key: KeyObject;
}

/** A signing key of this machine. `seed` is the 32-byte private key of RFC 8032, base64url: what is stored. */
export interface SigningKey extends TrustedKey {
  readonly privateKey: KeyObject;
  readonly seed: string;
}

/** As two people compare it by eye. */
export const fingerprintOfKey = ({ text }: TrustedKey): string => fingerprintOf(Buffer.from(text, "base64url"));

export function importPublicKey(text: string): Result<TrustedKey, string> {
  const raw = decodePublicKey(text);
  if (!raw.ok) return raw;
  return ok({ keyId: keyIdOf(raw.value), text, key: createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: text }, format: "jwk" }) });
}

export function generateSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  return fromPrivate(privateKey);
}

/** From the stored seed. */
export function importSigningKey(seed: string): Result<SigningKey, string> {
  if (decodeBase64Url(seed)?.length !== 32) return err("not a 32-byte Ed25519 private key in base64url");
  // PKCS #8 (RFC 8410): a fixed head, then the seed. The public half is computed from it, never read from a file.
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.from(seed, "base64url")]);
  return ok(fromPrivate(createPrivateKey({ key: der, format: "der", type: "pkcs8" })));
}

function fromPrivate(privateKey: KeyObject): SigningKey {
  const jwk = privateKey.export({ format: "jwk" });
  const own = importPublicKey(jwk.x ?? "");
  if (!own.ok) throw new Error(`own key: ${own.error}`);
  return { ...own.value, privateKey, seed: jwk.d ?? "" };
}

export const signBytes = (message: Uint8Array, key: SigningKey): Uint8Array => new Uint8Array(sign(null, message, key.privateKey));

/** OpenSSL refuses S ≥ L by itself; the key was checked at import. */
export const verifyBytes = (message: Uint8Array, signature: Uint8Array, key: TrustedKey): boolean =>
  signature.length === SIGNATURE_BYTES && verify(null, message, key.key, signature);

export const newNonce = (): string => encodeBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(24)));
