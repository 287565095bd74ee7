import type { Counters, Deployment, HostInfo, LiveEvent, LogLine } from "@vpclab/shared/wire/live";

export const EMPTY_DEPLOYMENT: Deployment = { state: "empty", revision: 0, generation: 0, objects: {}, publicAddresses: {} };
const LOG_LINES_MAX = 200;

/** What is known of a topology at this moment; a snapshot event is made of it. Never written to the database. */
export interface LiveState {
  readonly name: string;
  readonly revision: number;
  readonly deployment: Deployment;
  readonly host: HostInfo | null;
  readonly counters: Counters;
  readonly log: readonly LogLine[];
}

export const snapshotOf = (state: LiveState): LiveEvent => ({ type: "snapshot", ...state });

/** The state after an event: the same fold that a browser makes of the events it hears. */
export function afterEvent(state: LiveState, event: LiveEvent): LiveState {
  switch (event.type) {
    case "revision":
      // Two saves may be announced in the other order than they were written.
      return { ...state, revision: Math.max(state.revision, event.revision) };
    case "objects":
      return { ...state, deployment: { ...state.deployment, objects: { ...state.deployment.objects, ...event.objects } } };
    case "deployment":
      return { ...state, deployment: event.deployment };
    case "host":
      return { ...state, host: event.host };
    case "counters":
      return { ...state, counters: event.counters };
    case "log":
      return { ...state, log: [...state.log.slice(1 - LOG_LINES_MAX), event.line] };
    case "snapshot":
    case "layout":
    case "activity":
    case "removed":
      return state;
  }
}
