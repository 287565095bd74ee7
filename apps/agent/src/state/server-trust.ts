import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import type { SigningKey } from "../link/ed25519";
import { verifyNextKeySet } from "../link/verify-key-set";
import type { Identity } from "./identity";
import { ensureNextKey, useNextKey, writeEnrolment } from "./identity";

export interface PreparedKey {
  readonly key: SigningKey;
  /** Resolves when the server has it. */
  readonly taken: Promise<void>;
}

/** How this agent and its server know each other now: the keys of the enrolment, or what followed them. */
export class ServerTrust {
  readonly #stateDir: string;
  #identity: Identity;
  #whenTaken: (() => void)[] = [];
  /** A new key is not prepared while the one before is being taken. */
  #tail: Promise<unknown> = Promise.resolve();

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

  /** A key that is to take the place of this agent's own: on the disk when it resolves, said with the next hello. One at a time. */
  prepareKey(): Promise<PreparedKey> {
    return this.#inTurn(async () => {
      const key = await ensureNextKey(this.#stateDir);
      this.#identity = { ...this.#identity, nextKey: key };
      return { key, taken: new Promise<void>((resolve) => this.#whenTaken.push(resolve)) };
    });
  }

  /** The server has taken it. From here the key before proves nothing any more. */
  keyTaken(key: SigningKey): Promise<void> {
    return this.#inTurn(async () => {
      await useNextKey(this.#stateDir);
      this.#identity = { ...this.#identity, agentKey: key, nextKey: null };
      for (const tell of this.#whenTaken.splice(0)) tell();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}
