import type { Result } from "@vpclab/shared/errors/result";
import { err } from "@vpclab/shared/errors/result";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import type { Policy } from "../policy/policy";
import type { Identity } from "../state/identity";
import type { TrustedKey } from "./ed25519";
import type { Authority, Deployed, VerifiedApply } from "./verify-job";
import { verifyStoredApply } from "./verify-job";

/** Whose jobs this host carries out; null: it is enrolled with no server. */
export interface TrustedKeys extends Readonly<Record<Authority, TrustedKey | null>> {
  /** Version of the server's key set: the epoch of its jobs. */
  readonly epoch: number;
  /** The server's keys before: for jobs that were accepted then. */
  readonly earlier: readonly TrustedKey[];
}

/** Those of an agent that is enrolled with nobody, or with the server of `identity`. */
export const trustedKeys = (identity: Pick<Identity, "serverKey" | "keySet" | "earlierKeys"> | null, local: TrustedKey | null): TrustedKeys =>
  ({ server: identity?.serverKey ?? null, local, epoch: identity?.keySet ?? 1, earlier: identity?.earlierKeys ?? [] });

export interface Trust {
  readonly agentId: string;
  readonly keys: TrustedKeys;
  readonly policy: Policy;
}

/** Who an envelope says that it is of. The signature has to show it. */
export const claimedAuthority = ({ signatures: [signature] }: Envelope, { local }: Pick<TrustedKeys, "local">): Authority =>
  local !== null && signature?.keyid === local.keyId ? "local" : "server";

/** A job of this host's own disk, by the key of the authority that it says it is of. */
export function verifyStored(envelope: Envelope, { keys, ...trust }: Trust, deployed: readonly Deployed[]): Result<VerifiedApply, JobFailure> {
  const authority = claimedAuthority(envelope, keys);
  const keyId = envelope.signatures[0]?.keyid;
  const key = (authority === "server" ? keys.earlier.find((earlier) => earlier.keyId === keyId) : null) ?? keys[authority];
  if (!key) return err({ code: "KEY_UNKNOWN", message: "signed by a server, and this host is enrolled with none" });
  return verifyStoredApply(envelope, { ...trust, authority, key, deployed });
}
