import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import { encodeBase64Url } from "@vpclab/shared/wire/base64";
import { decodePublicKey, keyIdOf } from "@vpclab/shared/wire/public-key";

export interface SigningKey {
  readonly keyId: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array;
}

export interface VerifyKey {
  readonly keyId: string;
  readonly publicKey: string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** PKCS #8 PEM of a new key. */
export const generateKeyPem = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Throws when the text is no Ed25519 private key. */
export function signingKeyFromPem(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new AppError("KEY_UNKNOWN", "The key is not an Ed25519 key.");
  const publicKey = rawPublicKey(createPublicKey(key));
  return { keyId: keyIdOf(publicKey), publicKey: encodeBase64Url(publicKey), sign: (bytes) => sign(null, bytes, key) };
}

/** A key from outside. Refuses encodings and points with which a signature would prove nothing. */
export function verifyKeyFromText(text: string): VerifyKey {
  const raw = decodePublicKey(text);
  if (!raw.ok) throw new AppError("KEY_UNKNOWN", `This is no public key: ${raw.error}.`);
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: text }, format: "jwk" });
  return { keyId: keyIdOf(raw.value), publicKey: text, verify: (bytes, signature) => verify(null, bytes, key, signature) };
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const { x } = key.export({ format: "jwk" });
  return new Uint8Array(Buffer.from(x ?? "", "base64url"));
}
