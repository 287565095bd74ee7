import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import type { Envelope } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { KeySet } from "@vpclab/shared/wire/key-set";
import { KeySetSchema } from "@vpclab/shared/wire/key-set";
import type { JobFailure } from "@vpclab/shared/wire/live";
import { decodeStrictJson, PAYLOAD_LIMITS } from "@vpclab/shared/wire/strict-json";
import type { TrustedKey } from "./ed25519";
import { importPublicKey } from "./ed25519";
import { signedBytes } from "./envelope";

export interface PinnedKey {
  readonly serverKey: TrustedKey;
  /** Version of the key set that it is of. */
  readonly keySet: number;
}

const refuse = (code: JobFailure["code"], message: string): Result<never, JobFailure> => err({ code, message });

/** The key set after the one that is pinned: signed by the pinned key first and by its own key second, and exactly one version on. */
export function verifyNextKeySet(envelope: Envelope, pinned: PinnedKey): Result<PinnedKey, JobFailure> {
  if (envelope.signatures.length !== 2) return refuse("SIG_COUNT", `a new key set has two signatures, by the key before and by its own; this one has ${envelope.signatures.length}`);
  const body = readKeySet(envelope, 0, pinned.serverKey);
  if (!body.ok) return body;
  const { version, jobKey } = body.value;
  if (version !== pinned.keySet + 1) return refuse("EPOCH", `key set ${version}, and ${pinned.keySet + 1} is the next one`);
  const key = importPublicKey(jobKey);
  if (!key.ok) return refuse("KEY_UNKNOWN", `the new key is refused: ${key.error}`);
  if (key.value.keyId === pinned.serverKey.keyId) return refuse("KEY_UNKNOWN", "the new key is the key before");
  const own = signedBytes(envelope, 1, PAYLOAD_TYPE.keySet, key.value);
  return own.ok ? ok({ serverKey: key.value, keySet: version }) : own;
}

/** The newest key set as a host sees it that enrols: its key is known by the token's fingerprint, and has signed last. */
export function verifyFirstKeySet(envelope: Envelope, serverKey: TrustedKey): Result<PinnedKey, JobFailure> {
  const body = readKeySet(envelope, envelope.signatures.length - 1, serverKey);
  if (!body.ok) return body;
  return body.value.jobKey === serverKey.text ? ok({ serverKey, keySet: body.value.version }) : refuse("KEY_UNKNOWN", "the key set is of another key");
}

function readKeySet(envelope: Envelope, signature: number, key: TrustedKey): Result<KeySet, JobFailure> {
  const bytes = signedBytes(envelope, signature, PAYLOAD_TYPE.keySet, key);
  if (!bytes.ok) return bytes;
  const decoded = decodeStrictJson(bytes.value, PAYLOAD_LIMITS);
  if (!decoded.ok) return err(decoded.error);
  const body = KeySetSchema.safeParse(decoded.value);
  return body.success ? ok(body.data) : refuse("SCHEMA", "this is no key set");
}
