import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import type { NotLetIn } from "@vpclab/shared/wire/messages";
import type { Logger } from "pino";
import type { Database, Tables } from "../store/database";
import { confirmJoin, findHost, findHostLocked, lockHost, saveJoin } from "../store/host-store";
import type { HostRow } from "../store/host-store";
import { joinVerdict } from "./join-verdict";

export interface NotAdmitted {
  readonly code: ErrorCode;
  readonly message: string;
  /** Where the host is known and not let in. */
  readonly state?: NotLetIn;
}

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
  ) {}

  find(hostId: string): Promise<HostRow | null> {
    return findHost(this.database.tables, hostId);
  }

  /**
   * The number that the agent is to keep. `connection` counts up with the connections of this server: a hello that was held up on
   * the way until its agent had a newer connection says nothing about copies.
   */
  offer(hostId: string, claimed: number, connection: number): Promise<Result<number, NotAdmitted>> {
    if (connection < (this.#newest.get(hostId) ?? 0)) {
      return Promise.resolve(err({ code: "SESSION", message: "This hello comes late: a newer connection has said hello." }));
    }
    this.#newest.set(hostId, connection);
    const offer = this.#turn.then(() => this.#offer(hostId, claimed));
    this.#turn = offer.catch(() => undefined);
    return offer;
  }

  /** The agent has kept the number. False: meanwhile it was revoked, locked or offered another one. */
  confirm(hostId: string, offer: number): Promise<boolean> {
    return confirmJoin(this.database.tables, hostId, offer);
  }

  async #offer(hostId: string, claimed: number): Promise<Result<number, NotAdmitted>> {
    const { verdict, locked } = await this.database.transaction((tables) => judge(tables, hostId, claimed));
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
}

async function judge(tables: Tables, hostId: string, claimed: number): Promise<Judged> {
  const host = await findHostLocked(tables, hostId);
  if (!host) return { verdict: err({ code: "KEY_UNKNOWN", message: "This host is not known any more." }), locked: null };
  if (host.state !== "approved") return { verdict: err(notApproved(host.state)), locked: null };
  const next = joinVerdict(host, claimed);
  if (!next) {
    await lockHost(tables, hostId, reasonOf(host, claimed));
    return { verdict: err(notApproved("locked")), locked: host };
  }
  await saveJoin(tables, hostId, next);
  return { verdict: ok(next.joinOffer), locked: null };
}

export const notApproved = (state: NotLetIn): NotAdmitted => ({ code: "FORBIDDEN", message: `This host is ${state}.`, state });

const reasonOf = ({ joinSeq }: HostRow, claimed: number): string =>
  claimed < joinSeq
    ? `An agent came with connection ${claimed} of this host, and ${joinSeq} was the last one. A copy of its state directory runs somewhere, or it was restored from a backup.`
    : `An agent came with connection ${claimed} of this host, and this server knows of ${joinSeq} only. The server's database was restored from a backup, or somebody has the host's key.`;
