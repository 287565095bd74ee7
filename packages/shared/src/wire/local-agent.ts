import { z } from "zod";
import type { PlanPreview } from "../plan/step";
import { TopologySchema, type Topology } from "../topology/topology";
import type { ActivityEntry } from "./activity";
import { FlowsRequestSchema, ProbeRequestSchema, TopologyIdSchema } from "./job";
import type { Counters, Deployment, JobFailure, MeasuredFlows, ObjectStatus, ProbeResult } from "./live";

/**
 * The agent as root on its own host uses it, without a server: in the caller's own process (`openLocalAgent` of the agent's
 * bundle `local.mjs`), or over the socket `<state>/control.sock` of an agent that runs. The same requests and answers both ways.
 *
 * Over the socket: one JSON text a line. Request `{id, method, params}`; answers `{id, progress}` any number of times, then
 * `{id, result}` or `{id, error: WireError}`.
 */
const target = { topologyId: TopologyIdSchema, topologyName: z.string().max(64) };
const actor = z.string().max(128);

export const LocalRequestSchema = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("facts"), params: z.strictObject({}) }),
  z.strictObject({ method: z.literal("held"), params: z.strictObject({}) }),
  /**
   * Brings the host to `desired` (null: removes the topology) and answers when that is done. `baseRevision`: what the caller's
   * document was made from; 0 for a new topology. CONFLICT when another one is held by now.
   */
  z.strictObject({
    method: z.literal("apply"),
    params: z.strictObject({ ...target, baseRevision: z.int().min(0), desired: TopologySchema.nullable(), actor }),
  }),
  /** Begins no further step of an apply that another caller waits for. `over`: there is none. */
  z.strictObject({ method: z.literal("cancel"), params: z.strictObject({ topologyId: TopologyIdSchema, actor }) }),
  z.strictObject({ method: z.literal("plan"), params: z.strictObject({ ...target, desired: TopologySchema.nullable() }) }),
  z.strictObject({ method: z.literal("probe"), params: z.strictObject({ topologyId: TopologyIdSchema, probe: ProbeRequestSchema, actor }) }),
  /** Many tests at once; answers in the order of the flows. */
  z.strictObject({ method: z.literal("measure"), params: z.strictObject({ topologyId: TopologyIdSchema, request: FlowsRequestSchema, actor }) }),
  /** One reading; rates are over the time since the reading before. */
  z.strictObject({ method: z.literal("counters"), params: z.strictObject({ topologyId: TopologyIdSchema }) }),
  /** For the activity log: what the caller refused by itself, so that no job of it came here. */
  z.strictObject({
    method: z.literal("refusal"),
    params: z.strictObject({ topologyName: z.string().max(64).nullable(), action: z.string().max(32), text: z.string().max(4000), reason: z.string().max(4000), actor }),
  }),
  /** A new key of this agent in the place of the one by which its server knows it. */
  z.strictObject({ method: z.literal("rotateKey"), params: z.strictObject({}) }),
  /** The newest entries, oldest first. */
  z.strictObject({ method: z.literal("activity"), params: z.strictObject({ last: z.int().min(1).max(10_000) }) }),
]);
export type LocalRequest = z.infer<typeof LocalRequestSchema>;
export type LocalMethod = LocalRequest["method"];
export type LocalParams<M extends LocalMethod> = Extract<LocalRequest, { method: M }>["params"];

export interface LocalFacts {
  readonly agentId: string;
  readonly version: string;
  readonly mode: "sandbox" | "host" | "rootless";
  readonly kernel: string;
  readonly publicPool: boolean;
  /** Interface towards the internet. */
  readonly uplink: string;
  /** Namespace that plays the host; null: the machine itself. */
  readonly hostNetns: string | null;
  readonly stateDir: string;
  /** Server that this host is enrolled with, if any. */
  readonly server: string | null;
  /** An agent process of its own answers (true), or the caller's process is the agent. */
  readonly daemon: boolean;
}

/** A topology of this host. */
export interface HeldTopology {
  readonly topologyId: string;
  readonly name: string;
  readonly revision: number;
  readonly document: Topology;
  /** Who decides about it: `server` topologies are read-only for `apply`. */
  readonly authority: "local" | "server";
  readonly deployment: Deployment;
}

export interface LocalAnswers {
  readonly facts: LocalFacts;
  readonly held: readonly HeldTopology[];
  readonly apply: { readonly revision: number; readonly deployment: Deployment; readonly failure: JobFailure | null; readonly steps: number };
  readonly cancel: "stopping" | "over";
  readonly plan: PlanPreview;
  readonly probe: ProbeResult;
  readonly measure: MeasuredFlows;
  readonly counters: { readonly at: number; readonly counters: Counters };
  readonly refusal: null;
  readonly activity: readonly ActivityEntry[];
  readonly rotateKey: RotatedKey;
}

/** Fingerprints of an agent's key and of the one that takes its place. `taken`: the server has it; else it will with the next connection. */
export interface RotatedKey {
  readonly before: string;
  readonly after: string;
  readonly taken: boolean;
}

/** Objects whose state changed while an apply runs. */
export type LocalProgress = Readonly<Record<string, ObjectStatus>>;

export interface LocalAgent {
  /** Throws AppError. */
  ask<M extends LocalMethod>(method: M, params: LocalParams<M>, onProgress?: (objects: LocalProgress) => void): Promise<LocalAnswers[M]>;
  close(): Promise<void>;
}

export interface LocalAgentOptions {
  readonly stateDir: string;
  /** null: as this state directory was used before, `sandbox` the first time. Another than before is refused while topologies are held. */
  readonly mode: LocalFacts["mode"] | null;
  readonly uplink: string | null;
  readonly policy: string | null;
  /** How long to wait for another vpcctl that works with this state directory. */
  readonly waitMs: number;
}

export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do about it; null when it is fine. */
  readonly advice: string | null;
}

/** What the agent's bundle `local.mjs` exports. */
export interface PurgeOptions extends Pick<LocalAgentOptions, "stateDir" | "mode" | "uplink"> {
  /** Also what other agents made, whose state directories are elsewhere or lost. */
  readonly all: boolean;
}

export interface LocalAgentModule {
  /** In this process; or the agent's own, where one runs with this state directory. Throws AppError. */
  openLocalAgent(options: LocalAgentOptions): Promise<LocalAgent>;
  /** By what ids the agent of that directory goes in its marks; none where the directory does not say. */
  agentIdsOf(stateDir: string): Promise<readonly string[]>;
  /** Removes what carries the mark of this directory's agent on this machine, with or without state; answers with what was removed, a line each. */
  purge(options: PurgeOptions): Promise<readonly string[]>;
  doctor(options: Pick<LocalAgentOptions, "mode">): Promise<readonly DoctorCheck[]>;
}
