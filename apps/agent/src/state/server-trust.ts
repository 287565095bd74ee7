import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import { verifyNextKeySet } from "../link/verify-key-set";
import type { Identity } from "./identity";
import { writeEnrolment } from "./identity";

/** Whom this agent obeys now: the key pinned at the enrolment, or what followed it by the server's key sets. */
export class ServerTrust {
  readonly #stateDir: string;
  #identity: Identity;

  constructor(stateDir: string, identity: Identity) {
    this.#stateDir = stateDir;
    this.#identity = identity;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** Takes the next key set; on the disk when it resolves. What the keys before have signed and this host has accepted stays good. */
  async follow(envelope: Envelope): Promise<Result<number, JobFailure>> {
    const next = verifyNextKeySet(envelope, this.#identity);
    if (!next.ok) return next;
    const { agentId, url, serverKey, earlierKeys } = this.#identity;
    const earlier = [...earlierKeys, serverKey];
    await writeEnrolment(this.#stateDir, {
      agentId, url, serverKey: next.value.serverKey.text, keySet: next.value.keySet, earlierKeys: earlier.map(({ text }) => text),
    });
    this.#identity = { ...this.#identity, ...next.value, earlierKeys: earlier };
    return ok(next.value.keySet);
  }
}
