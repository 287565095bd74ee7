import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { decodeBase64Url } from "@vpclab/shared/wire/base64";

/** `vpcj1.<fingerprint of the server's job key>.<token id>.<secret>`, shown once by the server. */
export interface JoinToken {
  /** Base64url of SHA-256 over the raw key: the same as the key's id. */
  readonly serverKeyId: string;
  readonly tokenId: string;
  readonly secret: string;
}

const SHA256_BYTES = 32;
const PART = /^[A-Za-z0-9_-]{8,128}$/;

/** The messages never repeat what was given: half a token may be a whole secret. */
export function parseJoinToken(text: string): Result<JoinToken, string> {
  const [version, serverKeyId, tokenId, secret, ...rest] = text.trim().split(".");
  if (version !== "vpcj1" || rest.length > 0) return err("this is no join token; it begins with vpcj1. and has four parts");
  if (serverKeyId === undefined || decodeBase64Url(serverKeyId)?.length !== SHA256_BYTES) return err("the token's second part is no fingerprint of a key; copy the whole token");
  if (!tokenId || !secret || !PART.test(tokenId) || tokenId.length > 64 || !PART.test(secret)) return err("the token is cut off; copy the whole line");
  return ok({ serverKeyId, tokenId, secret });
}
