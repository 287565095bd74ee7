import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { decodeBase64, encodeBase64 } from "@vpclab/shared/wire/base64";
import type { Envelope, PayloadType } from "@vpclab/shared/wire/job";
import { preAuthEncoding } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import { SIGNATURE_BYTES } from "@vpclab/shared/wire/public-key";
import type { SigningKey, TrustedKey } from "./ed25519";
import { signBytes, verifyBytes } from "./ed25519";

const refuse = (code: JobFailure["code"], message: string): Result<never, JobFailure> => err({ code, message });

/** Signs a body (a JSON value) for one meaning, with one key or with several. */
export function sealEnvelope(payloadType: PayloadType, body: unknown, ...keys: readonly SigningKey[]): Envelope {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const signed = preAuthEncoding(payloadType, bytes);
  return { payloadType, payload: encodeBase64(bytes), signatures: keys.map((key) => ({ keyid: key.keyId, sig: encodeBase64(signBytes(signed, key)) })) };
}

/** The exact bytes that `key` signed for this meaning. Checks are in the order of their cost; nothing is parsed before the signature holds. */
export function openEnvelope(envelope: Envelope, payloadType: PayloadType, key: TrustedKey): Result<Uint8Array, JobFailure> {
  if (envelope.signatures.length !== 1) return refuse("SIG_COUNT", `exactly one signature is wanted, here are ${envelope.signatures.length}`);
  return signedBytes(envelope, 0, payloadType, key);
}

/** Like `openEnvelope`, by one of several signatures; how many there have to be is the caller's to judge. */
export function signedBytes(envelope: Envelope, index: number, payloadType: PayloadType, key: TrustedKey): Result<Uint8Array, JobFailure> {
  const signature = envelope.signatures[index];
  if (!signature) return refuse("SIG_COUNT", "a signature is missing");
  if (envelope.payloadType !== payloadType) return refuse("TYPE", "signed for another purpose");
  if (signature.keyid !== key.keyId) return refuse("KEY_UNKNOWN", "signed with a key that this agent does not know");
  const body = decodeBase64(envelope.payload);
  const sig = decodeBase64(signature.sig);
  if (!body || !sig) return refuse("B64", "payload or signature is not canonical base64");
  if (sig.length !== SIGNATURE_BYTES) return refuse("SIG_INVALID", `a signature has ${SIGNATURE_BYTES} bytes, this one ${sig.length}`);
  if (!verifyBytes(preAuthEncoding(payloadType, body), sig, key)) return refuse("SIG_INVALID", "the signature does not fit the bytes");
  return ok(body);
}
