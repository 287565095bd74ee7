import { z } from "zod";

/**
 * The key that signs jobs, as a document of its own. Version 1 is what a host pins when it enrols; version N + 1 is signed by the
 * keys of N and of N + 1, and a host takes it if it holds exactly N (TUF's rule for its root, theupdateframework.github.io/
 * specification 5.3). Jobs carry the version as their epoch: what a lost key has signed is of the past, however high it has counted.
 */
export const KeySetSchema = z.strictObject({
  v: z.literal(1),
  version: z.int().min(1).max(1_000_000),
  /** Raw Ed25519, base64url. */
  jobKey: z.string().max(64),
});
export type KeySet = z.infer<typeof KeySetSchema>;
