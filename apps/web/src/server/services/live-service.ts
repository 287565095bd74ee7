import type { LiveEvent } from "@vpclab/shared/wire/live";
import type { LiveBus } from "../bus/live-bus";
import type { Actor, BrowserConnection, LiveService } from "./services";
import { notFound } from "./topology-service";

export class Live implements LiveService {
  constructor(private readonly bus: LiveBus) {}

  async *subscribe(
    _actor: Actor,
    input: { id: string; lastEventId?: string | null },
    options: { signal: AbortSignal; connection: BrowserConnection | null },
  ): AsyncGenerator<{ id: string; event: LiveEvent }> {
    const feed = this.bus.feed(input.id);
    if (!feed) throw notFound();
    const bufferedBytes = () => options.connection?.bufferedBytes() ?? 0;
    yield* feed.subscribe(input.lastEventId ?? null, { signal: options.signal, bufferedBytes });
  }
}
