import { explainReachability } from "@vpclab/shared/analysis/reachability";
import { AppError } from "@vpclab/shared/errors/app-error";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { ProbeRequest } from "@vpclab/shared/wire/job";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import type { VerifiedProbe } from "../link/verify-job";
import type { Measurement, MeasureRequest } from "../probes/measure";
import type { End, ProbeGround } from "./probe-ends";
import { destinationOf, flowOf, sourceOf } from "./probe-ends";

export interface ProbeSite extends Pick<ProbeGround, "publicPool" | "internet" | "takenByOthers"> {
  /** What the kernel holds of the topology, or null. */
  readonly applied: ProbeGround["applied"] | null;
  readonly measure: (request: MeasureRequest) => Promise<Measurement>;
}

/** Sends a real packet for a drawn question and puts what the drawing promised beside it. Throws AppError. */
export async function probeJob({ probe }: VerifiedProbe, { applied, publicPool, internet, takenByOthers, measure }: ProbeSite): Promise<ProbeResult> {
  if (!applied) throw notApplied();
  const { kind } = probe;
  const flow = flowOf(probe);
  const ground = { applied, publicPool, internet, takenByOthers, index: indexTopology(applied.document) };
  const source = sourceOf(probe.source, ground);
  const { port, answerer, ...destination } = destinationOf(probe, ground);
  const measured = destination.address === null
    ? nothingToSendTo(kind, destination.label)
    : await measure({
        namespace: source.namespace, sourceAddress: source.address ?? "", targetAddress: destination.address, kind, port,
        ...("internet" in probe.source ? { fromSourceAddress: true } : {}),
        ...(answerer && flow.port !== null ? { answerer: { ...answerer, port: flow.port } } : {}),
      });
  return {
    probeId: probe.probeId,
    ...measured,
    source: labelOf(source),
    destination: labelOf(destination),
    expected: explainReachability(applied.document, flow, { publicPool, publicAddresses: applied.publicAddresses }),
  };
}

export const notApplied = (): AppError => new AppError("NOT_APPLIED", "This topology is not applied on this host; press Apply first.");

const labelOf = ({ label, address }: End): string => (address === null ? label : `${label} (${address})`);

/** Nothing on the internet leads to this instance, so no packet can be sent at all. */
const nothingToSendTo = (kind: ProbeRequest["kind"], label: string): Measurement => ({
  kind, outcome: "timeout", sentence: `No packet was sent: ${label} has no address on the internet.`, roundTripMs: null, body: null,
});
