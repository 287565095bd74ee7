import { encodeBase64 } from "@vpclab/shared/wire/base64";
import type { Envelope } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE, preAuthEncoding } from "@vpclab/shared/wire/job";
import type { SigningKey } from "../apps/agent/src/link/ed25519";
import { signBytes } from "../apps/agent/src/link/ed25519";

/** Signs a job's bytes as they are, whether or not `JSON.stringify` would ever make them. */
export function sealText(text: string, key: SigningKey): Envelope {
  const bytes = Buffer.from(text, "utf8");
  return {
    payloadType: PAYLOAD_TYPE.job, payload: encodeBase64(bytes), signatures: [{ keyid: key.keyId, sig: encodeBase64(signBytes(preAuthEncoding(PAYLOAD_TYPE.job, bytes), key)) }],
  };
}
