import type { LiveEvent } from "@vpclab/shared/wire/live";
import type { LiveBus } from "../bus/live-bus";
import type { Database } from "../store/database";
import { findFor, noSuchTopology } from "./access";
import type { Actor, BrowserConnection, LiveService } from "./services";

export class Live implements LiveService {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
  ) {}

  async *subscribe(
    actor: Actor,
    input: { id: string; lastEventId?: string | null },
    options: { signal: AbortSignal; connection: BrowserConnection | null },
  ): AsyncGenerator<{ id: string; event: LiveEvent }> {
    await findFor(this.database.tables, actor, input.id);
    const feed = this.bus.feed(input.id);
    if (!feed) throw noSuchTopology();
    const bufferedBytes = () => options.connection?.bufferedBytes() ?? 0;
    yield* feed.subscribe(input.lastEventId ?? null, { signal: options.signal, bufferedBytes });
  }
}
