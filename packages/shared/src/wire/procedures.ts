import type { z } from "zod";
import type { PlanPreview } from "../plan/step";
import type { ActivityEntry, ActivitySummary } from "./activity";
import type {
  ActivityEntryInput, ActivityListInput, ApplyAnswer, ApplyInput, CancelAnswer, CreateTopologyInput, Me, MeasureInput, PreviewInput, ProbeInput, SafeApply, SaveAnswer, SaveTopologyInput, TopologyIdInput,
  TopologySnapshot, TopologySummary,
} from "./api";
import type { HostInfo, MeasuredFlows, ProbeResult } from "./live";

interface Call<Input, Answer> {
  readonly input: Input;
  readonly answer: Answer;
}
type OfTopology = z.input<typeof TopologyIdInput>;

/**
 * The server's procedures as programs outside of its package call them: apps do not import each other. A test beside the router
 * holds these and the router together. `void`: takes no input.
 */
export interface Queries {
  readonly "auth.me": Call<void, Me>;
  readonly "host.list": Call<void, readonly HostInfo[]>;
  readonly "topology.list": Call<void, readonly TopologySummary[]>;
  readonly "topology.get": Call<OfTopology, TopologySnapshot>;
  readonly "deployment.safeApply": Call<OfTopology, SafeApply>;
  readonly "activity.list": Call<z.input<typeof ActivityListInput>, readonly ActivitySummary[]>;
  readonly "activity.get": Call<z.input<typeof ActivityEntryInput>, ActivityEntry>;
}

export interface Mutations {
  readonly "topology.create": Call<z.input<typeof CreateTopologyInput>, TopologySnapshot>;
  readonly "topology.save": Call<z.input<typeof SaveTopologyInput>, SaveAnswer>;
  readonly "topology.remove": Call<OfTopology, { readonly id: string }>;
  readonly "deployment.preview": Call<z.input<typeof PreviewInput>, PlanPreview>;
  readonly "deployment.applyNewest": Call<z.input<typeof ApplyInput>, ApplyAnswer>;
  readonly "deployment.teardown": Call<OfTopology, ApplyAnswer>;
  readonly "deployment.cancel": Call<OfTopology, CancelAnswer>;
  readonly "probe.run": Call<z.input<typeof ProbeInput>, ProbeResult>;
  readonly "probe.measure": Call<z.input<typeof MeasureInput>, MeasuredFlows>;
}
