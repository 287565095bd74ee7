import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { Topology } from "@vpclab/shared/topology/topology";
import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";
import type { EditorApi, PairQuestion } from "./editor-api";
import type { LiveStore } from "./live-store";
import { keyOfEnd } from "./probe-end-key";

/** What one packet did, and the state of things then: it says nothing about any other. */
export interface Measured {
  /** null: it cannot be measured on this host. */
  readonly outcome: ProbeOutcome | null;
  readonly document: Topology;
  readonly kernel: number;
}

/** One “Measure all”. Times are milliseconds of this browser's clock. */
export interface MeasuringRun {
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly done: number;
  readonly total: number;
  /** Until then it waits for the limit of the server. */
  readonly waitsUntil: number | null;
  readonly cancelled: boolean;
  readonly error: string | null;
}

export interface MeasurementState {
  readonly results: ReadonlyMap<string, Measured>;
  /** Keys of the pairs that are being measured now. */
  readonly underway: ReadonlySet<string>;
  readonly run: MeasuringRun | null;
  /** Counts what happened to the kernel: an apply, or drift. */
  readonly kernel: number;
}
export type MeasurementStore = StoreApi<MeasurementState>;

export const pairKey = ({ source, destination, kind, port }: PairQuestion): string => `${kind} ${port ?? ""} ${keyOfEnd(source)} ${keyOfEnd(destination)}`;

/** Measurements of one open editor; they outlive the tab that shows them. */
export function createMeasurementStore(live: LiveStore): MeasurementStore {
  const store = createStore<MeasurementState>(() => ({ results: new Map(), underway: new Set(), run: null, kernel: 0 }));
  live.subscribe(({ deployment }, before) => {
    const changed = deployment.generation !== before.deployment.generation || (deployment.state !== before.deployment.state && before.deployment.state !== "unknown");
    if (changed) store.setState(({ kernel }) => ({ kernel: kernel + 1 }));
  });
  return store;
}

/** Flows of one call: few enough that progress is seen and that a click on Cancel is heard soon. */
const FLOWS_PER_CALL = 128;

interface MeasureOptions {
  readonly store: MeasurementStore;
  readonly api: Pick<EditorApi, "measure" | "failureOf">;
  /** The drawing that is measured. */
  readonly document: Topology;
  readonly now?: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** Measures pair after pair in batches, until all are done, it is cancelled, or the server refuses for good. One at a time. */
export async function measurePairs(questions: readonly PairQuestion[], options: MeasureOptions): Promise<void> {
  const { store, api, document, now = Date.now, pause = sleep } = options;
  if (isMeasuring(store.getState().run) || questions.length === 0) return;
  const startedAt = now();
  const change = (part: Partial<MeasuringRun>) => store.setState(({ run }) => (run ? { run: { ...run, ...part } } : {}));
  const goesOn = () => store.getState().run?.cancelled === false;
  store.setState({ run: { startedAt, endedAt: null, done: 0, total: questions.length, waitsUntil: null, cancelled: false, error: null } });
  const batches = batchesOf(questions);
  for (let at = 0; at < batches.length && goesOn();) {
    const batch = batches[at] ?? [];
    store.setState({ underway: new Set(batch.map(pairKey)) });
    const { kernel } = store.getState();
    try {
      const { flows } = await api.measure(batch);
      store.setState(({ results, run }) => ({
        results: new Map([...results, ...batch.map((question, i) => [pairKey(question), { outcome: flows[i]?.outcome ?? null, document, kernel }] as const)]),
        run: run && { ...run, done: run.done + batch.length },
      }));
      at += 1;
    } catch (thrown) {
      const { message, retryAfterS } = api.failureOf(thrown);
      if (retryAfterS === undefined) change({ error: message, cancelled: true });
      else await waitForLimit(retryAfterS * 1_000);
    }
  }
  store.setState({ underway: new Set() });
  change({ endedAt: now(), waitsUntil: null });

  async function waitForLimit(milliseconds: number): Promise<void> {
    const until = now() + milliseconds;
    store.setState({ underway: new Set() });
    change({ waitsUntil: until });
    while (goesOn() && now() < until) await pause(Math.min(200, until - now()));
    change({ waitsUntil: null });
  }
}

export const isMeasuring = (run: MeasuringRun | null): boolean => run !== null && run.endedAt === null;

/** What is on its way is still answered. */
export function cancelMeasuring(store: MeasurementStore): void {
  store.setState(({ run }) => (run && run.endedAt === null ? { run: { ...run, cancelled: true } } : {}));
}

/** Each of one kind and port, as a call takes it. */
function batchesOf(questions: readonly PairQuestion[]): PairQuestion[][] {
  const byTraffic = new Map<string, PairQuestion[]>();
  for (const question of questions) {
    const key = `${question.kind} ${question.port ?? ""}`;
    const group = byTraffic.get(key);
    if (group) group.push(question);
    else byTraffic.set(key, [question]);
  }
  return [...byTraffic.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / FLOWS_PER_CALL) }, (_, i) => group.slice(i * FLOWS_PER_CALL, (i + 1) * FLOWS_PER_CALL)));
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
