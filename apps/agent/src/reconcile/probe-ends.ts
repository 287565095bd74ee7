import type { ProbeEnd, ProbeKind } from "@vpclab/shared/analysis/probe";
import { isProbePair } from "@vpclab/shared/analysis/probe";
import type { Flow } from "@vpclab/shared/analysis/verdict";
import { AppError } from "@vpclab/shared/errors/app-error";
import { cidrFrom, containsAddress, parseAddress } from "@vpclab/shared/net/cidr";
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
  /** The host's own address there, for published ports; null on a real host, which is not tested. */
  readonly hostAddress: string | null;
  /** Namespace that plays the host; null on a real host, from which nothing is sent: what a VPC's route is missing for would leave by its uplink. */
  readonly hostNamespace: string | null;
}

/** Where tests are made. */
export interface ProbeGround {
  /** What the kernel holds of the topology. */
  readonly applied: AppliedTopology & Pick<Deployment, "publicAddresses">;
  readonly index: TopologyIndex;
  readonly publicPool: boolean;
  readonly internet: ProbeInternet;
  /** Ranges of other topologies' VPCs that the host reaches: what it sends there is none of this topology's packets. */
  readonly takenByOthers: readonly string[];
}

export type Question = Pick<ProbeRequest, "source" | "destination" | "kind" | "port">;

const PROTOCOL: Record<ProbeKind, Flow["protocol"]> = { ping: "icmp", tcp: "tcp", udp: "udp", http: "tcp" };

/** The analysis' question for a test's. Throws SCHEMA for a pair of ends that nothing drawn lies between, PORT. */
export function flowOf({ source, destination, kind, port }: Question): Flow {
  if (!isProbePair(source, destination)) throw new AppError("SCHEMA", "Nothing of a topology lies between these two ends, so nothing is sent. Choose an instance.");
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
  if ("host" in end) {
    if (internet.hostNamespace === null) throw new AppError("POLICY_FEATURE", "Nothing is sent from a real host itself; test from a shell on it, or in sandbox mode.");
    return { label: "the host", namespace: internet.hostNamespace, address: internet.hostAddress };
  }
  if ("publicAddressOf" in end) throw new Error("a public address is nobody who sends: flowOf refuses it");
  const place = placeOf(index, end.instanceId, "source");
  const namespace = namespaceOfInstance(place, applied.name);
  return { label: namespace, namespace, address: place.instance.address };
}

/** `answerer`: where it should arrive, and the address that it has there; null is the real internet. `address` null: nothing leads there. */
export type Destination = End & { readonly port: number | null; readonly answerer: { readonly namespace: string; readonly address: string } | null };

/** Throws as `sourceOf`. */
export function destinationOf(question: Question, ground: ProbeGround): Destination {
  const { internet, takenByOthers } = ground;
  const { destination } = question;
  if ("host" in destination) {
    if (internet.hostAddress === null) throw new AppError("POLICY_FEATURE", "A real host's own address is not tested; test from a shell in the instance, or in sandbox mode.");
    return { label: "the host", address: internet.hostAddress, port: question.port, answerer: null };
  }
  if ("internet" in destination) {
    if (internet.address === null) throw new AppError("POLICY_FEATURE", "This host has no address that stands for the internet; start the agent with --internet-target.");
    const answerer = internet.namespace === null ? null : { namespace: internet.namespace, address: internet.address };
    return { label: "the internet", address: internet.address, port: question.port, answerer };
  }
  const id = "instanceId" in destination ? destination.instanceId : destination.publicAddressOf;
  const target = targetOf(id, ground);
  if ("host" in question.source && target.answerer && takenByOthers.some((cidr) => isIn(cidr, target.answerer!.address))) {
    throw new AppError("POLICY_FEATURE", `The host reaches another topology's VPC at ${target.answerer.address}, so nothing is sent there for this one.`);
  }
  const direct = "instanceId" in destination && !("internet" in question.source);
  return { ...target, ...(direct ? { address: target.answerer?.address ?? null, port: question.port } : fromTheInternet(question, id, ground)) };
}

const isIn = (cidr: string, address: string): boolean => containsAddress(cidrFrom(cidr), parseAddress(address) ?? -1);

/** Who is meant, and who answers. A NAT gateway answers nobody. */
function targetOf(id: string, { index, applied }: ProbeGround): Pick<Destination, "label" | "answerer"> {
  const gateway = index.natGatewayById.get(id);
  if (gateway) return { label: `NAT gateway ${gateway.name}`, answerer: null };
  const place = placeOf(index, id, "destination");
  const namespace = namespaceOfInstance(place, applied.name);
  return { label: namespace, answerer: { namespace, address: place.instance.address } };
}

/**
 * The internet sees an instance or NAT gateway at its public address, or, where the host has no pool, at a port of the host. Without an
 * internet gateway nothing leads there. Throws POLICY_FEATURE for a port of a real host.
 */
function fromTheInternet({ kind, port }: Question, id: string, { index, applied, publicPool, internet }: ProbeGround): Pick<Destination, "address" | "port"> {
  const target = index.instanceById.get(id) ?? index.natGatewayById.get(id);
  const subnet = target && index.subnetById.get(target.subnetId);
  if (!subnet || !index.gatewayOfVpc(subnet.vpcId)) return { address: null, port };
  if (publicPool) return { address: publicAddressOf(applied.document, applied.publicAddresses, id), port };
  const published = index.instanceById.get(id)?.publishedPorts.find((entry) => entry.protocol === PROTOCOL[kind] && entry.port === port);
  if (!published) return { address: null, port };
  if (internet.hostAddress === null) throw new AppError("POLICY_FEATURE", "A port of a real host is not tested from here; test from another machine, or in sandbox mode.");
  return { address: internet.hostAddress, port: published.hostPort };
}

function placeOf(index: TopologyIndex, instanceId: string, end: "source" | "destination"): PlacedInstance {
  const instance = index.instanceById.get(instanceId);
  const subnet = instance && index.subnetById.get(instance.subnetId);
  const vpc = subnet && index.vpcById.get(subnet.vpcId);
  if (!instance || !subnet || !vpc) throw new AppError("NOT_APPLIED", `The ${end} of this test is not applied on this host yet; press Apply first.`);
  return { instance, subnet, vpc };
}
