import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Envelope } from "@vpclab/shared/wire/job";
import { EnvelopeSchema, PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { KeySet } from "@vpclab/shared/wire/key-set";
import { KeySetSchema } from "@vpclab/shared/wire/key-set";
import { z } from "zod";
import { generateKeyPem, signingKeyFromPem } from "./ed25519";
import type { SigningKey } from "./ed25519";
import { peekEnvelope, sealEnvelope } from "./envelope";
import { openKeyDirectory, readPrivateFile, syncDirectory, writeKeyFile } from "./private-file";

const KEY = "job-key.pem";
/** The key of a rotation that is being written. */
const NEXT_KEY = "job-key.next.pem";
const KEY_SETS = "key-sets.json";

/** The key that signs, and the version of the key set that it is of: the epoch of the jobs that it signs. */
export interface JobKey {
  readonly key: SigningKey;
  readonly version: number;
}

/**
 * The key that signs jobs, in files of its own, never in the database, so that a copy of the database can order nothing; and the
 * key sets by which hosts follow from one key to the next (`wire/key-set.ts`), one document for each version.
 */
export class JobKeys {
  readonly #directory: string;
  #current: JobKey;
  #documents: readonly Envelope[];

  private constructor(directory: string, current: JobKey, documents: readonly Envelope[]) {
    this.#directory = directory;
    this.#current = current;
    this.#documents = documents;
  }

  /** Made at the first start. Throws when a file could have been read or put there by others, or the files do not belong together. */
  static open(directory: string): JobKeys {
    openKeyDirectory(directory);
    const key = readOrMakeKey(directory);
    const documents = readKeySets(join(directory, KEY_SETS));
    if (documents.length === 0) {
      const first = sealKeySet({ v: 1, version: 1, jobKey: key.publicKey }, key);
      writeKeyFile(join(directory, KEY_SETS), JSON.stringify([first]));
      return new JobKeys(directory, { key, version: 1 }, [first]);
    }
    const newest = bodyOf(documents.at(-1)!);
    const current = finishRotation(directory, key, newest);
    return new JobKeys(directory, { key: current, version: newest.version }, documents);
  }

  get current(): JobKey {
    return this.#current;
  }

  /** The newest key set, for a host that enrols. */
  get newest(): Envelope {
    return this.#documents.at(-1)!;
  }

  /** What a host that holds a version has missed, in order. */
  after(version: number): readonly Envelope[] {
    return this.#documents.filter((document) => bodyOf(document).version > version);
  }

  /**
   * A new key, confirmed by the one before, which is destroyed. The key sets' file is what decides: killed before it is written,
   * the old key stays; killed after that, the next start goes on with the new one.
   */
  rotate(): JobKey {
    const pem = generateKeyPem();
    const key = signingKeyFromPem(pem);
    const version = this.#current.version + 1;
    const document = sealKeySet({ v: 1, version, jobKey: key.publicKey }, this.#current.key, key);
    writeKeyFile(join(this.#directory, NEXT_KEY), pem);
    writeKeyFile(join(this.#directory, KEY_SETS), JSON.stringify([...this.#documents, document]));
    renameSync(join(this.#directory, NEXT_KEY), join(this.#directory, KEY));
    syncDirectory(this.#directory);
    this.#documents = [...this.#documents, document];
    this.#current = { key, version };
    return this.#current;
  }
}

const sealKeySet = (body: KeySet, ...keys: readonly SigningKey[]): Envelope => sealEnvelope(PAYLOAD_TYPE.keySet, body, ...keys);

function readOrMakeKey(directory: string): SigningKey {
  const path = join(directory, KEY);
  const pem = readPrivateFile(path) ?? (writeKeyFile(path, generateKeyPem(), { first: true }), readPrivateFile(path));
  if (pem === null) throw new AppError("INTERNAL", `The signing key ${path} went away while it was read.`);
  return readKey(path, pem);
}

function readKey(path: string, pem: string): SigningKey {
  try {
    return signingKeyFromPem(pem);
  } catch (error) {
    throw new AppError("INTERNAL", `The signing key ${path} is damaged. Restore it from a backup; or remove it and the key sets beside it to begin with a new key, and enrol the hosts again.`, { cause: error });
  }
}

/** A rotation that was cut off: with its document written it holds, without it never was. */
function finishRotation(directory: string, key: SigningKey, newest: KeySet): SigningKey {
  const next = join(directory, NEXT_KEY);
  if (key.publicKey === newest.jobKey) {
    rmSync(next, { force: true });
    return key;
  }
  const pem = existsSync(next) ? readPrivateFile(next) : null;
  const waiting = pem === null ? null : readKey(next, pem);
  if (waiting?.publicKey !== newest.jobKey) {
    throw new AppError("INTERNAL", `The signing key in ${directory} is not the one of key set ${newest.version}. Restore both from the same backup; or remove both files to begin with a new key, and enrol the hosts again.`);
  }
  renameSync(next, join(directory, KEY));
  syncDirectory(directory);
  return waiting;
}

function readKeySets(path: string): readonly Envelope[] {
  const text = readPrivateFile(path);
  if (text === null) return [];
  try {
    return z.array(EnvelopeSchema).min(1).parse(JSON.parse(text));
  } catch (error) {
    throw new AppError("INTERNAL", `${path} is damaged. Restore it from a backup; or remove it and the signing key beside it to begin with a new key, and enrol the hosts again.`, { cause: error });
  }
}

function bodyOf(document: Envelope): KeySet {
  const body = peekEnvelope(document, KeySetSchema);
  if (!body.ok) throw new AppError("INTERNAL", `A stored key set cannot be read: ${body.error.message}`);
  return body.value;
}
