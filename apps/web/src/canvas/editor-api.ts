import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Layout, LayoutPatch } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { ApplyAnswer, SaveAnswer, TopologySnapshot } from "@vpclab/shared/wire/api";
import type { ProbeKind, ProbeTarget } from "@vpclab/shared/analysis/probe";
import type { ProbeResult, LiveEvent } from "@vpclab/shared/wire/live";

/** A failed call as the editor tells it: `offline` when nobody answered, otherwise the server's own sentence. */
export interface CallFailure {
  readonly offline: boolean;
  readonly message: string;
}

export interface ProbeQuestion {
  readonly sourceId: string;
  readonly target: ProbeTarget;
  readonly kind: ProbeKind;
  readonly port: number | null;
}

/** What the editor of one topology asks of the server. Calls reject with anything; `failureOf` turns that into words. */
export interface EditorApi {
  get(): Promise<TopologySnapshot>;
  save(baseRevision: number, commands: readonly EditCommand[], clientId: string): Promise<SaveAnswer>;
  saveLayout(patch: LayoutPatch, clientId: string): Promise<unknown>;
  /** Stores a document as a topology of its own; answers its id. */
  importCopy(name: string, document: Topology, layout: Layout): Promise<{ readonly id: string }>;
  rename(name: string): Promise<unknown>;
  plan(): Promise<PlanPreview>;
  apply(): Promise<ApplyAnswer>;
  teardown(): Promise<ApplyAnswer>;
  probe(question: ProbeQuestion): Promise<ProbeResult>;
  /** Hears everything that happens to the topology until the answer is called; resumes by itself after a cut. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  failureOf(thrown: unknown): CallFailure;
}
