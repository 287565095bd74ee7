import { explainReachability } from "@vpclab/shared/analysis/reachability";
import { AppError } from "@vpclab/shared/errors/app-error";
import { namespaceOfInstance } from "@vpclab/shared/plan/compile-instance";
import type { PlacedInstance } from "@vpclab/shared/plan/compile-instance";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import type { VerifiedProbe } from "../link/verify-job";
import type { Measurement, MeasureRequest } from "../probes/measure";

export interface ProbeSite {
  /** What the kernel holds of the topology, or null. */
  readonly applied: { readonly name: string; readonly document: Topology } | null;
  /** Address that stands for the internet; null where none is set. */
  readonly internetTarget: string | null;
  readonly measure: (request: MeasureRequest) => Promise<Measurement>;
}

/** Sends a real packet for a drawn question and puts what the drawing promised beside it. Throws AppError. */
export async function probeJob({ probe }: VerifiedProbe, { applied, internetTarget, measure }: ProbeSite): Promise<ProbeResult> {
  if (!applied) throw new AppError("NOT_APPLIED", "This topology is not applied on this host; press Apply first.");
  if (probe.kind !== "ping" && probe.port === null) throw new AppError("PORT", "A TCP or HTTP test needs a port.");
  const index = indexTopology(applied.document);
  const source = placeOf(index, probe.sourceId, "source");
  const target = "internet" in probe.target ? null : placeOf(index, probe.target.instanceId, "target");
  const targetAddress = target?.instance.address ?? internetTarget;
  if (targetAddress === null) throw new AppError("POLICY_FEATURE", "This host has no address that stands for the internet; start the agent with --internet-target.");
  const measured = await measure({
    namespace: namespaceOfInstance(source, applied.name), sourceAddress: source.instance.address, targetAddress, kind: probe.kind, port: probe.port,
  });
  const { path, reachable, why } = explainReachability(applied.document, probe, probe.kind, probe.port);
  return {
    probeId: probe.probeId,
    ...measured,
    source: `${namespaceOfInstance(source, applied.name)} (${source.instance.address})`,
    destination: target ? `${namespaceOfInstance(target, applied.name)} (${targetAddress})` : `the internet (${targetAddress})`,
    path,
    expected: { reachable, why },
  };
}

function placeOf(index: TopologyIndex, instanceId: string, end: "source" | "target"): PlacedInstance {
  const instance = index.instanceById.get(instanceId);
  const subnet = instance && index.subnetById.get(instance.subnetId);
  const vpc = subnet && index.vpcById.get(subnet.vpcId);
  if (!instance || !subnet || !vpc) throw new AppError("NOT_APPLIED", `The ${end} of this test is not applied on this host yet; press Apply first.`);
  return { instance, subnet, vpc };
}
