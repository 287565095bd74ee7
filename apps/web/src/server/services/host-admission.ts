import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import type { NotLetIn } from "@vpclab/shared/wire/messages";
import type { Logger } from "pino";
import type { Database, Tables } from "../store/database";
import { confirmJoin, findHost, findHostLocked, lockHost, saveJoin } from "../store/host-store";
import type { HostRow } from "../store/host-store";
import { countReplacedKeys, findEarlierKey, hostKeyExists, replaceHostKey } from "../store/host-key-store";
import { agentActor, AuditScope } from "./audit-scope";
import { fingerprintText } from "./fingerprint-text";
import { joinVerdict } from "./join-verdict";

export interface NotAdmitted {
  readonly code: ErrorCode;
  readonly message: string;
  /** Where the host is known and not let in. */
  readonly state?: NotLetIn;
}

/** With what a hello was signed. */
export interface HelloProof {
  /** The host's key, or one that it had before. */
  readonly key: string;
  /** One that is to take its place, and has signed, too. */
  readonly nextKey: string | null;
}

/** An agent that was taken over fills neither the table of keys nor the audit log: it may replace its key so often within ten minutes. */
const KEYS_MAX = 5;
const KEYS_WITHIN_MS = 600_000;

/** Who may be connected: the states of hosts, and the count by which a copied agent is found out. */
export class HostAdmission {
  /** By host, the newest connection that has said hello. */
  readonly #newest = new Map<string, number>();
  /** Offers are made in the order in which the hellos were heard. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly log: Logger,
    /** Called when a host was locked, so that whoever speaks for it is cut off. */
    private readonly onLocked: (hostId: string) => Promise<void>,
    private readonly nowMs: () => number = Date.now,
  ) {}

  find(hostId: string): Promise<HostRow | null> {
    return findHost(this.database.tables, hostId);
  }

  earlierKey(hostId: string, keyId: string): Promise<string | null> {
    return findEarlierKey(this.database.tables, hostId, keyId);
  }

  /**
   * The number that the agent is to keep. With it goes the host's key: a `nextKey` has taken its place when this resolves well. `connection` counts up with the connections of this server: a hello that was held up on
   * the way until its agent had a newer connection says nothing about copies.
   */
  offer(hostId: string, claimed: number, connection: number, proof: HelloProof): Promise<Result<number, NotAdmitted>> {
    if (connection < (this.#newest.get(hostId) ?? 0)) {
      return Promise.resolve(err({ code: "SESSION", message: "This hello comes late: a newer connection has said hello." }));
    }
    this.#newest.set(hostId, connection);
    const offer = this.#turn.then(() => this.#offer(hostId, claimed, proof));
    this.#turn = offer.catch(() => undefined);
    return offer;
  }

  /** The agent has kept the number. False: meanwhile it was revoked, locked or offered another one. */
  confirm(hostId: string, offer: number): Promise<boolean> {
    return confirmJoin(this.database.tables, hostId, offer);
  }

  async #offer(hostId: string, claimed: number, proof: HelloProof): Promise<Result<number, NotAdmitted>> {
    const { verdict, locked, replaced } = await this.database.transaction((tables) => judge(tables, hostId, claimed, proof, new Date(this.nowMs())));
    if (replaced) this.log.warn({ hostId, name: replaced.name, keys: keysText(replaced, proof) }, "a host has replaced its key");
    if (locked) {
      const { name, joinSeq } = locked;
      this.log.error({ hostId, name, joinSeq, claimed }, "SECURITY two agents have the state of this host, or it was restored from a backup: the host is locked");
      await this.onLocked(hostId);
    }
    return verdict;
  }
}

interface Judged {
  readonly verdict: Result<number, NotAdmitted>;
  /** The host as it was before this locked it. */
  readonly locked: HostRow | null;
  /** The host as it was before it got another key. */
  readonly replaced: HostRow | null;
}

/**
 * The old key ends in the transaction that takes the new one. An overlap of both would only help a thief: an agent comes with both keys
 * until it has heard of this, and whoever comes with the old one alone was copied before. He may also be the original, when the
 * copy has replaced the key; so the host is locked, as it is for a number of the past, and a person compares fingerprints.
 */
async function judge(tables: Tables, hostId: string, claimed: number, proof: HelloProof, now: Date): Promise<Judged> {
  const host = await findHostLocked(tables, hostId);
  if (!host) return refused({ code: "KEY_UNKNOWN", message: "This host is not known any more." });
  if (host.state !== "approved") return refused(notApproved(host.state));
  // The same new key twice: the agent was killed and came again while the first hello was judged.
  const known = proof.key === host.publicKey || proof.nextKey === host.publicKey;
  const next = known ? joinVerdict(host, claimed) : null;
  if (!next) {
    await lockHost(tables, hostId, known ? reasonOf(host, claimed) : reasonOfKey(host, proof));
    return { ...refused(notApproved("locked")), locked: host };
  }
  const nextKey = proof.nextKey === host.publicKey ? null : proof.nextKey;
  const obstacle = nextKey === null ? null : await obstacleTo(nextKey, tables, host, now);
  if (obstacle) return refused(obstacle);
  if (nextKey !== null) await replaceHostKey(tables, host, nextKey, now);
  const replaces = nextKey !== null;
  noteReplacement(host, proof, replaces);
  await saveJoin(tables, hostId, next);
  return { verdict: ok(next.joinOffer), locked: null, replaced: replaces ? host : null };
}

async function obstacleTo(nextKey: string, tables: Tables, { id }: HostRow, now: Date): Promise<NotAdmitted | null> {
  if (await hostKeyExists(tables, nextKey)) return { code: "KEY_UNKNOWN", message: "The new key is or was that of a host." };
  const replaced = await countReplacedKeys(tables, id, new Date(now.getTime() - KEYS_WITHIN_MS));
  return replaced < KEYS_MAX ? null : { code: "RATE_LIMITED", message: `This host has replaced its key ${replaced} times in the last ten minutes.` };
}

function refused(reason: NotAdmitted): Judged {
  AuditScope.current()?.noteEnd("refused", reason.code);
  return { verdict: err(reason), locked: null, replaced: null };
}

function noteReplacement(host: HostRow, proof: HelloProof, replaces: boolean): void {
  if (!replaces) return AuditScope.current()?.noteSilence();
  AuditScope.current()?.noteActor(agentActor(host.id, host.name));
  AuditScope.current()?.noteMade({ kind: "host-key", id: host.id, name: keysText(host, proof) }, null);
}

/** Both fingerprints; fits a name in the audit log. */
const keysText = ({ publicKey }: HostRow, { nextKey }: HelloProof): string => `${fingerprintText(publicKey)} to ${fingerprintText(nextKey ?? publicKey)}`;

export const notApproved = (state: NotLetIn): NotAdmitted => ({ code: "FORBIDDEN", message: `This host is ${state}.`, state });

const reasonOf = ({ joinSeq }: HostRow, claimed: number): string =>
  claimed < joinSeq
    ? `An agent came with connection ${claimed} of this host, and ${joinSeq} was the last one. A copy of its state directory runs somewhere, or it was restored from a backup.`
    : `An agent came with connection ${claimed} of this host, and this server knows of ${joinSeq} only. The server's database was restored from a backup, or somebody has the host's key.`;

const reasonOfKey = ({ publicKey }: HostRow, { key }: HelloProof): string =>
  `An agent came with the key ${fingerprintText(key)}, which this host had before; its key is ${fingerprintText(publicKey)} now. Either a copy of its state directory from before runs somewhere, or a copy has replaced the key. Compare the fingerprint on the host: where it shows the one before, revoke this host.`;
