import type { ProbeEnd, ProbeKind } from "@vpclab/shared/analysis/probe";
import type { Flow } from "@vpclab/shared/analysis/verdict";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { PlacedInstance } from "@vpclab/shared/plan/compile-instance";
import { namespaceOfInstance } from "@vpclab/shared/plan/compile-instance";
import { publicAddressOf } from "@vpclab/shared/plan/public-addresses";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { ProbeRequest } from "@vpclab/shared/wire/job";
import type { Deployment } from "@vpclab/shared/wire/live";
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

/** Where tests are made. */
export interface ProbeGround {
  /** What the kernel holds of the topology. */
  readonly applied: AppliedTopology & Pick<Deployment, "publicAddresses">;
  readonly index: TopologyIndex;
  readonly publicPool: boolean;
  readonly internet: ProbeInternet;
}

export type Question = Pick<ProbeRequest, "source" | "destination" | "kind" | "port">;

const PROTOCOL: Record<ProbeKind, Flow["protocol"]> = { ping: "icmp", tcp: "tcp", udp: "udp", http: "tcp" };

/** The analysis' question for a test's. */
export function flowOf({ source, destination, kind, port }: Question): Flow {
  if (kind !== "ping" && port === null) throw new AppError("PORT", `A test by ${kind} needs a port.`);
  return { source, destination, protocol: PROTOCOL[kind], port: kind === "ping" ? null : port };
}

/** Where a packet starts or is sent to. */
export interface End {
  readonly label: string;
  readonly address: string | null;
}

/** Throws POLICY_FEATURE where nothing can be sent from there, NOT_APPLIED for an instance that does not stand. */
export function sourceOf(end: ProbeEnd, { index, applied, internet }: ProbeGround): End & { readonly namespace: string } {
  if ("internet" in end) {
    if (internet.namespace === null) throw new AppError("POLICY_FEATURE", "This host is connected to the real internet, and nothing can be sent from there; test from another machine, or in sandbox mode.");
    return { label: "the internet", namespace: internet.namespace, address: internet.address };
  }
  const place = placeOf(index, end.instanceId, "source");
  const namespace = namespaceOfInstance(place, applied.name);
  return { label: namespace, namespace, address: place.instance.address };
}

/** `answerer`: where it should arrive, and the address that it has there; null is the real internet. `address` null: nothing leads there. */
export type Destination = End & { readonly port: number | null; readonly answerer: { readonly namespace: string; readonly address: string } | null };

/** Throws as `sourceOf`. */
export function destinationOf(question: Question, ground: ProbeGround): Destination {
  const { internet, index, applied } = ground;
  if ("internet" in question.destination) {
    if (internet.address === null) throw new AppError("POLICY_FEATURE", "This host has no address that stands for the internet; start the agent with --internet-target.");
    const answerer = internet.namespace === null ? null : { namespace: internet.namespace, address: internet.address };
    return { label: "the internet", address: internet.address, port: question.port, answerer };
  }
  const place = placeOf(index, question.destination.instanceId, "destination");
  const namespace = namespaceOfInstance(place, applied.name);
  const there = { label: namespace, answerer: { namespace, address: place.instance.address } };
  if (!("internet" in question.source)) return { ...there, address: place.instance.address, port: question.port };
  return { ...there, ...fromTheInternet(question, place, ground) };
}

/** From the internet an instance is its public address, or, where the host has no pool, a port of the host. */
function fromTheInternet({ kind, port }: Question, { instance }: PlacedInstance, { applied, publicPool, internet }: ProbeGround): Pick<Destination, "address" | "port"> {
  if (publicPool) return { address: publicAddressOf(applied.document, applied.publicAddresses, instance.id), port };
  const published = instance.publishedPorts.find((entry) => entry.protocol === PROTOCOL[kind] && entry.port === port);
  return published ? { address: internet.hostAddress, port: published.hostPort } : { address: null, port };
}

function placeOf(index: TopologyIndex, instanceId: string, end: "source" | "destination"): PlacedInstance {
  const instance = index.instanceById.get(instanceId);
  const subnet = instance && index.subnetById.get(instance.subnetId);
  const vpc = subnet && index.vpcById.get(subnet.vpcId);
  if (!instance || !subnet || !vpc) throw new AppError("NOT_APPLIED", `The ${end} of this test is not applied on this host yet; press Apply first.`);
  return { instance, subnet, vpc };
}
