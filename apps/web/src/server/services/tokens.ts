import { createHash, randomBytes } from "node:crypto";

/** A secret for a cookie or a link: 256 random bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** A public name of a secret: 128 random bits, base64url. */
export const newPublicId = (): string => randomBytes(16).toString("base64url");

/** What the database keeps of a secret. The secrets are random, so a plain hash cannot be guessed backwards. */
export const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
