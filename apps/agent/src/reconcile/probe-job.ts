import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import type { Flow } from "@vpclab/shared/analysis/verdict";
import { explainReachability } from "@vpclab/shared/analysis/reachability";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { PlacedInstance } from "@vpclab/shared/plan/compile-instance";
import { namespaceOfInstance } from "@vpclab/shared/plan/compile-instance";
import { publicAddressOf } from "@vpclab/shared/plan/public-addresses";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { Deployment, ProbeResult } from "@vpclab/shared/wire/live";
import type { ProbeRequest } from "@vpclab/shared/wire/job";
import type { VerifiedProbe } from "../link/verify-job";
import type { Measurement, MeasureRequest } from "../probes/measure";
import type { AppliedTopology } from "./remote-peerings";

/** The internet as a test sees it. */
export interface ProbeInternet {
  /** Namespace that plays it; null where it is the real one, from which nothing can be sent. */
  readonly namespace: string | null;
  /** Address that stands for it as a destination; null where none is set. */
  readonly address: string | null;
  /** The host's own address there, for published ports. */
  readonly hostAddress: string | null;
}

export interface ProbeSite {
  /** What the kernel holds of the topology, or null. */
  readonly applied: (AppliedTopology & Pick<Deployment, "publicAddresses">) | null;
  readonly publicPool: boolean;
  readonly internet: ProbeInternet;
  readonly measure: (request: MeasureRequest) => Promise<Measurement>;
}

const PROTOCOL: Record<ProbeRequest["kind"], Flow["protocol"]> = { ping: "icmp", tcp: "tcp", udp: "udp", http: "tcp" };

/** Where a packet starts or is sent to. */
interface End {
  readonly label: string;
  readonly address: string | null;
}

/** Sends a real packet for a drawn question and puts what the drawing promised beside it. Throws AppError. */
export async function probeJob({ probe }: VerifiedProbe, site: ProbeSite): Promise<ProbeResult> {
  const { applied } = site;
  if (!applied) throw new AppError("NOT_APPLIED", "This topology is not applied on this host; press Apply first.");
  const { kind } = probe;
  if (kind !== "ping" && probe.port === null) throw new AppError("PORT", `A test by ${kind} needs a port.`);
  const flow: Flow = { source: probe.source, destination: probe.destination, protocol: PROTOCOL[kind], port: kind === "ping" ? null : probe.port };
  const index = indexTopology(applied.document);
  const source = sourceOf(probe.source, index, applied, site);
  const { port, answerer, ...destination } = destinationOf(probe, index, applied, site);
  const measured = destination.address === null
    ? nothingToSendTo(kind, destination.label)
    : await site.measure({
        namespace: source.namespace, sourceAddress: source.address ?? "", targetAddress: destination.address, kind, port,
        ...("internet" in probe.source ? { fromSourceAddress: true } : {}),
        ...(answerer && flow.port !== null ? { answerer: { ...answerer, port: flow.port } } : {}),
      });
  return {
    probeId: probe.probeId,
    ...measured,
    source: labelOf(source),
    destination: labelOf(destination),
    expected: explainReachability(applied.document, flow, { publicPool: site.publicPool }),
  };
}

const labelOf = ({ label, address }: End): string => (address === null ? label : `${label} (${address})`);

function sourceOf(end: ProbeEnd, index: TopologyIndex, applied: AppliedTopology, { internet }: ProbeSite): End & { readonly namespace: string } {
  if ("internet" in end) {
    if (internet.namespace === null) throw new AppError("POLICY_FEATURE", "This host is connected to the real internet, and nothing can be sent from there; test from another machine, or in sandbox mode.");
    return { label: "the internet", namespace: internet.namespace, address: internet.address };
  }
  const place = placeOf(index, end.instanceId, "source");
  const namespace = namespaceOfInstance(place, applied.name);
  return { label: namespace, namespace, address: place.instance.address };
}

/** `answerer`: where it should arrive, and the address that it has there; null is the real internet. */
type Destination = End & { readonly port: number | null; readonly answerer: { readonly namespace: string; readonly address: string } | null };

function destinationOf(probe: ProbeRequest, index: TopologyIndex, applied: NonNullable<ProbeSite["applied"]>, site: ProbeSite): Destination {
  const { internet } = site;
  if ("internet" in probe.destination) {
    if (internet.address === null) throw new AppError("POLICY_FEATURE", "This host has no address that stands for the internet; start the agent with --internet-target.");
    const answerer = internet.namespace === null ? null : { namespace: internet.namespace, address: internet.address };
    return { label: "the internet", address: internet.address, port: probe.port, answerer };
  }
  const place = placeOf(index, probe.destination.instanceId, "destination");
  const namespace = namespaceOfInstance(place, applied.name);
  const there = { label: namespace, answerer: { namespace, address: place.instance.address } };
  if (!("internet" in probe.source)) return { ...there, address: place.instance.address, port: probe.port };
  return { ...there, ...fromTheInternet(probe, place, applied, site) };
}

/** From the internet an instance is its public address, or, where the host has no pool, a port of the host. */
function fromTheInternet(
  { kind, port }: ProbeRequest, { instance }: PlacedInstance, { document, publicAddresses }: NonNullable<ProbeSite["applied"]>, { publicPool, internet }: ProbeSite,
): Pick<Destination, "address" | "port"> {
  if (publicPool) return { address: publicAddressOf(document, publicAddresses, instance.id), port };
  const published = instance.publishedPorts.find((entry) => entry.protocol === PROTOCOL[kind] && entry.port === port);
  return published ? { address: internet.hostAddress, port: published.hostPort } : { address: null, port };
}

/** Nothing on the internet leads to this instance, so no packet can be sent at all. */
const nothingToSendTo = (kind: ProbeRequest["kind"], label: string): Measurement => ({
  kind, outcome: "timeout", sentence: `No packet was sent: ${label} has no address on the internet.`, roundTripMs: null, body: null,
});

function placeOf(index: TopologyIndex, instanceId: string, end: "source" | "destination"): PlacedInstance {
  const instance = index.instanceById.get(instanceId);
  const subnet = instance && index.subnetById.get(instance.subnetId);
  const vpc = subnet && index.vpcById.get(subnet.vpcId);
  if (!instance || !subnet || !vpc) throw new AppError("NOT_APPLIED", `The ${end} of this test is not applied on this host yet; press Apply first.`);
  return { instance, subnet, vpc };
}
