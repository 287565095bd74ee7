import { AppError } from "@vpclab/shared/errors/app-error";
import type { LiveEvent } from "@vpclab/shared/wire/live";

/** The events of one topology, in order; the first is a snapshot. */
export interface TopologyFeed {
  /** Waits for the next event. Throws AppError: after `timeoutMs`, when the connection stays lost, when the server ends it. */
  next(timeoutMs: number): Promise<LiveEvent>;
  stop(): void;
}

/** As tRPC's client takes them. */
interface Handlers {
  onData(value: unknown): void;
  onError(error: unknown): void;
  onComplete(): void;
  onConnectionStateChange(state: { readonly state: string }): void;
}
type Subscribe = (handlers: Handlers) => { unsubscribe(): void };

/** The client connects again by itself, for ever; somebody who waits at a terminal is told after this. */
const LOST_MS = 20_000;

export function followTopology(subscribe: Subscribe, appErrorOf: (error: unknown) => AppError): TopologyFeed {
  const events: LiveEvent[] = [];
  let failure: AppError | null = null;
  let wake = (): void => {};
  let lost: NodeJS.Timeout | null = null;
  const fail = (error: AppError): void => {
    failure ??= error;
    wake();
  };
  const connected = (): void => {
    if (lost) clearTimeout(lost);
    lost = null;
  };
  const connecting = (): void => void (lost ??= setTimeout(() => fail(appErrorOf(new Error("the connection is lost"))), LOST_MS));
  connecting();
  const subscription = subscribe({
    onData: (value) => {
      connected();
      events.push((value as { readonly data: LiveEvent }).data);
      wake();
    },
    onError: (error) => fail(appErrorOf(error)),
    onComplete: () => fail(new AppError("NOT_FOUND", "The topology was deleted meanwhile.")),
    onConnectionStateChange: ({ state }) => (state === "connecting" ? connecting() : state === "pending" ? connected() : undefined),
  });
  return {
    async next(timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const event = events.shift();
        if (event) return event;
        if (failure) throw failure;
        const left = deadline - Date.now();
        if (left <= 0) throw new AppError("AGENT_TIMEOUT", `Nothing was heard of the topology for ${Math.round(timeoutMs / 1000)} seconds. See: vpcctl list`);
        await woken(left, (ring) => (wake = ring));
      }
    },
    stop() {
      connected();
      failure ??= new AppError("CONFLICT", "Nobody follows this topology any more.");
      subscription.unsubscribe();
      wake();
    },
  };
}

/** Until the bell that `arm` is given rings, at most `ms`. */
function woken(ms: number, arm: (ring: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    arm(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
