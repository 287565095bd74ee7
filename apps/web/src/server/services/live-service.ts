import type { LiveEvent } from "@vpclab/shared/wire/live";
import type { AccessChanges } from "./access-changes";
import type { LiveBus } from "../bus/live-bus";
import type { Database } from "../store/database";
import { findFor, mayDo, noSuchTopology } from "./access";
import { findTopology } from "../store/topology-store";
import type { LiveOptions, LiveService } from "./services";

export class Live implements LiveService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly changes: AccessChanges,
  ) {}

  async *subscribe(input: { id: string; lastEventId?: string | null }, options: LiveOptions): AsyncGenerator<{ id: string; event: LiveEvent }> {
    const withdrawn = new AbortController();
    // Listening begins before the first look: a change in between is looked at, too.
    const stop = this.changes.subscribe(() => void this.#recheck(input.id, options, withdrawn));
    try {
      const actor = await options.actorNow();
      if (actor === null) throw noSuchTopology();
      await findFor(this.database.tables, actor, "view", input.id);
      const feed = this.bus.feed(input.id);
      if (!feed) throw noSuchTopology();
      const bufferedBytes = () => options.connection?.bufferedBytes() ?? 0;
      yield* feed.subscribe(input.lastEventId ?? null, { signal: AbortSignal.any([options.signal, withdrawn.signal]), bufferedBytes });
      if (withdrawn.signal.aborted) throw noSuchTopology();
    } finally {
      stop();
    }
  }

  /** Roles or classes changed, or sessions ended: what one may no longer see stops. What cannot be decided stops, too. */
  async #recheck(id: string, { actorNow }: LiveOptions, withdrawn: AbortController): Promise<void> {
    const visible = async (): Promise<boolean> => {
      const [actor, row] = [await actorNow(), await findTopology(this.database.tables, id)];
      // One that was removed has told so itself.
      return actor !== null && (row === null || mayDo(actor, "view", row));
    };
    if (!(await visible().catch(() => false))) withdrawn.abort();
  }
}
