import { AppError } from "@vpclab/shared/errors/app-error";
import type { PresenceEvent, PresencePatch } from "@vpclab/shared/wire/presence";
import { PresenceRoom } from "../bus/presence-room";
import type { Seat, WatchOptions } from "../bus/presence-room";
import type { Database } from "../store/database";
import { findTopology } from "../store/topology-store";
import { findFor, mayDo, noSuchTopology } from "./access";
import type { AccessChanges } from "./access-changes";
import type { BrowserConnection, LiveOptions, PresenceService } from "./services";
import { TokenBucket } from "./token-bucket";

/** A page sends 20 a second while the pointer moves. */
const MESSAGES_PER_SECOND_MAX = 30;

/**
 * Who is where on a canvas. Whoever may see a topology is seen on it by the others as long as his subscription is open; what he
 * says goes by that subscription's seat, so that a moving pointer asks the database nothing.
 */
export class Presences implements PresenceService {
  readonly #rooms = new Map<string, PresenceRoom>();
  readonly #seats = new WeakMap<BrowserConnection, Map<string, { readonly seat: Seat; readonly allowance: TokenBucket }>>();

  constructor(
    private readonly database: Database,
    private readonly changes: AccessChanges,
  ) {}

  async *follow(id: string, { signal, connection, actorNow }: LiveOptions): AsyncGenerator<PresenceEvent> {
    const withdrawn = new AbortController();
    const stop = this.changes.subscribe(() => void this.#recheck(id, actorNow, withdrawn));
    let seat: Seat | null = null;
    try {
      const actor = await actorNow();
      if (actor === null) throw noSuchTopology();
      await findFor(this.database.tables, actor, "view", id);
      const room = this.#room(id);
      seat = room.sit(actor);
      if (seat && connection) this.#seatsOf(connection).set(id, { seat, allowance: new TokenBucket(MESSAGES_PER_SECOND_MAX, 1_000, performance.now()) });
      yield* room.watch({ signal: AbortSignal.any([signal, withdrawn.signal]), bufferedBytes: () => connection?.bufferedBytes() ?? 0, you: seat?.key ?? null });
      if (withdrawn.signal.aborted) throw noSuchTopology();
    } finally {
      stop();
      seat?.leave();
      if (connection && this.#seatsOf(connection).get(id)?.seat === seat) this.#seatsOf(connection).delete(id);
      this.#leave(id);
    }
  }

  say(connection: BrowserConnection | null, id: string, patch: PresencePatch): void {
    const seated = connection && this.#seats.get(connection)?.get(id);
    if (!seated) throw noSuchTopology();
    if (seated.allowance.take(performance.now()) > 0) throw new AppError("RATE_LIMITED", `A page tells at most ${MESSAGES_PER_SECOND_MAX} times a second where its pointer is.`);
    seated.seat.say(patch);
  }

  /** Without a seat: seen by nobody. Who may watch is the caller's business. */
  async *watch(id: string, options: WatchOptions): AsyncGenerator<PresenceEvent> {
    try {
      yield* this.#room(id).watch(options);
    } finally {
      this.#leave(id);
    }
  }

  #room(id: string): PresenceRoom {
    const room = this.#rooms.get(id) ?? new PresenceRoom();
    this.#rooms.set(id, room);
    return room;
  }

  #leave(id: string): void {
    if (this.#rooms.get(id)?.isEmpty) this.#rooms.delete(id);
  }

  #seatsOf(connection: BrowserConnection) {
    const seats = this.#seats.get(connection) ?? new Map<string, { seat: Seat; allowance: TokenBucket }>();
    this.#seats.set(connection, seats);
    return seats;
  }

  async #recheck(id: string, actorNow: LiveOptions["actorNow"], withdrawn: AbortController): Promise<void> {
    const visible = async (): Promise<boolean> => {
      const [actor, row] = [await actorNow(), await findTopology(this.database.tables, id)];
      return actor !== null && row !== null && mayDo(actor, "view", row);
    };
    if (!(await visible().catch(() => false))) withdrawn.abort();
  }
}
