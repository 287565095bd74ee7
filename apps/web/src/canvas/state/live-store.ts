import type { ActivitySummary } from "@vpclab/shared/wire/activity";
import type { SafeApply } from "@vpclab/shared/wire/api";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { Counters, Deployment, HostInfo, JobFailure, LiveEvent, LogLine, ObjectState, ObjectStatus } from "@vpclab/shared/wire/live";
import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";

/** How one object fared in the apply that is running or ran last. Times are milliseconds of this browser's clock. */
export interface Progress {
  readonly state: ObjectState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** One apply or teardown as this tab saw it. */
export interface Run {
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Generation that was applied before this run. */
  readonly after: number;
  readonly objects: Readonly<Record<string, Progress>>;
  readonly failure: JobFailure | null;
  /** When its host went away in the middle of it; null: it is there, or was away before. */
  readonly lostAt: number | null;
}

/**
 * What the host reports. Kept apart from the drawing, so that a counter that moves re-renders the one figure that shows it
 * and nothing else.
 */
export interface LiveState {
  /** False until the first event, and while the connection is lost. */
  readonly heard: boolean;
  readonly deployment: Deployment;
  readonly counters: Counters;
  readonly host: HostInfo | null;
  readonly log: readonly LogLine[];
  /** What was done since the page was opened, newest first; what was done before is asked for. */
  readonly activities: readonly ActivitySummary[];
  readonly run: Run | null;
  /** What an apply would do now; null while unknown. */
  readonly plan: PlanPreview | null;
  /** How long the host waits for the server after an apply. `isChosen`: here, for the next one. null while unknown. */
  readonly safe: (SafeApply & { readonly isChosen: boolean }) | null;
}

export type LiveStore = StoreApi<LiveState>;

const LOG_LINES_MAX = 500;
const ACTIVITIES_MAX = 1000;
const NOTHING: Deployment = { state: "unknown", revision: 0, generation: 0, objects: {}, publicAddresses: {} };

export const createLiveStore = (): LiveStore =>
  createStore<LiveState>(() => ({ heard: false, deployment: NOTHING, counters: {}, host: null, log: [], activities: [], run: null, plan: null, safe: null }));

export function hear(store: LiveStore, event: LiveEvent, now: number): void {
  store.setState(changesOf(store.getState(), event, now));
}

/** Called when the person presses Apply or Tear down, so that the clock starts with the click. */
export function startRun(store: LiveStore, now: number): void {
  store.setState(({ deployment }) => ({ run: { startedAt: now, endedAt: null, after: deployment.generation, objects: {}, failure: null, lostAt: null } }));
}

export function failRun(store: LiveStore, failure: JobFailure, now: number): void {
  const { run } = store.getState();
  if (run) store.setState({ run: { ...run, endedAt: now, failure } });
}

function changesOf(state: LiveState, event: LiveEvent, now: number): Partial<LiveState> {
  switch (event.type) {
    case "snapshot":
      return {
        heard: true, deployment: event.deployment, counters: event.counters, host: event.host, log: event.log.slice(-LOG_LINES_MAX),
        run: afterDeployment(state.run, event.deployment, null, now),
      };
    case "deployment":
      return { deployment: event.deployment, counters: countersOf(state.counters, event.deployment), run: afterDeployment(state.run, event.deployment, event.failure ?? null, now) };
    case "objects":
      return {
        deployment: { ...state.deployment, objects: { ...state.deployment.objects, ...event.objects } },
        run: advance(state.run, event.objects, now),
      };
    case "counters":
      return { counters: event.counters };
    case "host":
      // Nobody counts while the host is away: what it said last is no rate of now.
      return { host: event.host, run: afterHost(state, event.host, now), ...(event.host?.online ? {} : { counters: {} }) };
    case "log":
      return { log: [...state.log, event.line].slice(-LOG_LINES_MAX) };
    case "activity":
      return { activities: [event.entry, ...state.activities].slice(0, ACTIVITIES_MAX) };
    case "revision":
    case "layout":
    case "removed":
      return {};
  }
}

/** Only what is still there has traffic. */
const countersOf = (counters: Counters, { objects }: Deployment): Counters =>
  Object.fromEntries(Object.entries(counters).filter(([id]) => (objects[id]?.state ?? "absent") !== "absent"));

function afterDeployment(run: Run | null, deployment: Deployment, failure: JobFailure | null, now: number): Run | null {
  const isOpen = run !== null && run.endedAt === null;
  if (deployment.state === "applying") {
    // Also an apply that another tab started, or the server after a restart.
    return isOpen ? run : { startedAt: now, endedAt: null, after: deployment.generation - 1, objects: {}, failure: null, lostAt: null };
  }
  if (!isOpen) return run;
  // A report from before our job may still arrive after the click: it neither counts further nor names an object of this run.
  const isOurs = deployment.generation > run.after || failure !== null || Object.keys(run.objects).length > 0;
  return isOurs ? { ...advance(run, deployment.objects, now)!, endedAt: now, failure } : run;
}

function afterHost({ run, host: before }: LiveState, host: HostInfo | null, now: number): Run | null {
  if (!run || run.endedAt !== null) return run;
  return { ...run, lostAt: host?.online ? null : before?.online ? now : run.lostAt };
}

const DONE: ReadonlySet<ObjectState> = new Set(["in-place", "failed", "drifted", "absent"]);

function advance(run: Run | null, objects: Readonly<Record<string, ObjectStatus>>, now: number): Run | null {
  if (!run || run.endedAt !== null) return run;
  const next: Record<string, Progress> = { ...run.objects };
  for (const [id, { state }] of Object.entries(objects)) {
    const before = next[id];
    // What was in place before and still is had no part in this run.
    if (!before && DONE.has(state)) continue;
    next[id] = {
      state,
      startedAt: before?.startedAt ?? (state === "applying" ? now : null),
      endedAt: DONE.has(state) ? before?.endedAt ?? now : null,
    };
  }
  return { ...run, objects: next };
}
