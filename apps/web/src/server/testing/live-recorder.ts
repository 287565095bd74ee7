import type { LiveEvent } from "@vpclab/shared/wire/live";
import { until } from "./until";
import type { TestClient } from "./test-server";

export interface Heard {
  readonly id: string;
  readonly event: LiveEvent;
}

export interface LiveRecorder {
  readonly heard: readonly Heard[];
  /** The newest event of a type, once there is one (that fits). */
  next<T extends LiveEvent["type"]>(type: T, fits?: (event: Extract<LiveEvent, { type: T }>) => boolean): Promise<Extract<LiveEvent, { type: T }>>;
  stop(): void;
}

/** Follows a topology as a page does and keeps all it hears. */
export function record(client: TestClient, topologyId: string): LiveRecorder {
  const heard: Heard[] = [];
  const subscription = client.live.topology.subscribe({ id: topologyId }, { onData: ({ id, data }) => heard.push({ id, event: data }) });
  return {
    heard,
    next: async (type, fits = () => true) => {
      type Event = Extract<LiveEvent, { type: typeof type }>;
      const find = () => heard.findLast(({ event }) => event.type === type && fits(event as Event))?.event as Event | undefined;
      await until(() => find() !== undefined);
      return find() as Event;
    },
    stop: () => subscription.unsubscribe(),
  };
}
