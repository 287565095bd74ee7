import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { decodeBase64, encodeBase64 } from "@vpclab/shared/wire/base64";
import type { Envelope, PayloadType } from "@vpclab/shared/wire/job";
import { preAuthEncoding } from "@vpclab/shared/wire/job";
import { SIGNATURE_BYTES } from "@vpclab/shared/wire/public-key";
import { decodeStrictJson, PAYLOAD_LIMITS } from "@vpclab/shared/wire/strict-json";
import type { z } from "zod";
import type { SigningKey, VerifyKey } from "./ed25519";

/** Signs a body for one meaning, with one key or with several. The bytes that are signed are the bytes that travel. */
export function sealEnvelope(payloadType: PayloadType, body: unknown, ...keys: readonly SigningKey[]): Envelope {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const signed = preAuthEncoding(payloadType, bytes);
  return { payloadType, payload: encodeBase64(bytes), signatures: keys.map((key) => ({ keyid: key.keyId, sig: encodeBase64(key.sign(signed)) })) };
}

export interface EnvelopeFault {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * The body that `key` signed for this meaning, checked against its schema. Cheapest checks first; nothing is parsed
 * before the signature holds.
 */
export function openEnvelope<T>(
  envelope: Envelope, payloadType: PayloadType, key: VerifyKey, schema: z.ZodType<T>,
): Result<T, EnvelopeFault> {
  const bytes = signedBytes(envelope, payloadType, key);
  return bytes.ok ? parseBody(bytes.value, schema) : bytes;
}

/** The body of an envelope whose key is inside the body itself (a proof of possession): read first, verified by the caller. */
export function peekEnvelope<T>(envelope: Envelope, schema: z.ZodType<T>): Result<T, EnvelopeFault> {
  const bytes = decodeBase64(envelope.payload);
  return bytes ? parseBody(bytes, schema) : err({ code: "B64", message: "The payload is not canonical base64." });
}

function signedBytes(envelope: Envelope, payloadType: PayloadType, key: VerifyKey): Result<Uint8Array, EnvelopeFault> {
  const [signature] = envelope.signatures;
  if (!signature || envelope.signatures.length !== 1) return err({ code: "SIG_COUNT", message: "Exactly one signature is expected." });
  if (envelope.payloadType !== payloadType) return err({ code: "TYPE", message: "Signed for another purpose." });
  if (signature.keyid !== key.keyId) return err({ code: "KEY_UNKNOWN", message: "Signed with another key." });
  const body = decodeBase64(envelope.payload);
  const raw = decodeBase64(signature.sig);
  if (!body || !raw) return err({ code: "B64", message: "Payload or signature is not canonical base64." });
  if (raw.length !== SIGNATURE_BYTES || !key.verify(preAuthEncoding(payloadType, body), raw)) {
    return err({ code: "SIG_INVALID", message: "The signature does not fit the bytes." });
  }
  return ok(body);
}

function parseBody<T>(bytes: Uint8Array, schema: z.ZodType<T>): Result<T, EnvelopeFault> {
  const decoded = decodeStrictJson(bytes, PAYLOAD_LIMITS);
  if (!decoded.ok) return err(decoded.error);
  const parsed = schema.safeParse(decoded.value);
  return parsed.success ? ok(parsed.data) : err({ code: "SCHEMA", message: "The signed body has not the expected fields." });
}
