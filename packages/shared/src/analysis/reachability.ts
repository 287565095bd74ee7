import { cidrFrom, containsAddress, parseAddress } from "../net/cidr";
import type { Instance, Peering, Subnet, Topology, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology } from "../topology/topology-index";
import type { ProbeHop, ProbeKind, ProbeOutcome, ProbeTarget } from "./probe";

/** What the drawing promises for one packet, before any is sent. */
export interface Reachability {
  /** The packet arrives and its answer comes back; whether something listens there is another matter. */
  readonly reachable: boolean;
  /** One sentence: the route or the lack of one that decides. */
  readonly why: string;
  /** Where the packet passes, up to where it ends. */
  readonly path: readonly ProbeHop[];
}

interface Place {
  readonly instance: Instance;
  readonly subnet: Subnet;
  readonly vpc: Vpc;
}

/**
 * Whether a packet from an instance reaches an instance or the internet, and why. Pure; computed from the drawing alone,
 * by the rules that `plan/` builds into the kernel, so that it can be compared with what packets do.
 */
export function explainReachability(
  doc: Topology, ends: { readonly sourceId: string; readonly target: ProbeTarget }, kind: ProbeKind, port: number | null,
): Reachability {
  const index = indexTopology(doc);
  const source = placeOf(index, ends.sourceId);
  if (!source) return { reachable: false, why: "The source instance is not in this topology.", path: [] };
  if ("internet" in ends.target) return toInternet(source, index);
  const target = placeOf(index, ends.target.instanceId);
  if (!target) return { reachable: false, why: "The target instance is not in this topology.", path: outOf(source) };
  const verdict = toInstance(source, target, index);
  return verdict.reachable ? { ...verdict, why: verdict.why + listenerNote(target.instance, kind, port) } : verdict;
}

/** Whether a measurement says the same as the analysis: a refusal is an answer, so the packet arrived. */
export const agrees = (expected: Pick<Reachability, "reachable">, outcome: ProbeOutcome): boolean =>
  expected.reachable === (outcome !== "timeout");

function toInternet(source: Place, index: TopologyIndex): Reachability {
  const { subnet, vpc } = source;
  const gateway = index.gatewayOfVpc(vpc.id);
  if (subnet.type === "private") {
    return { reachable: false, why: `Subnet “${subnet.name}” is private: its route table has no route to the internet.`, path: outOf(source) };
  }
  if (!gateway) {
    return { reachable: false, why: `${vpc.name} has no internet gateway, so there is no route to the internet.`, path: outOf(source) };
  }
  return {
    reachable: true,
    why: `Subnet “${subnet.name}” is public: its default route leads to ${gateway.name}, which translates to the host's address.`,
    path: [...outOf(source), { objectId: gateway.id, label: gateway.name }, { objectId: null, label: "Internet" }],
  };
}

function toInstance(source: Place, target: Place, index: TopologyIndex): Reachability {
  if (source.instance.id === target.instance.id) {
    return { reachable: true, why: "Both ends are the same instance.", path: [hopOf(source.instance)] };
  }
  if (source.subnet.id === target.subnet.id) {
    return { reachable: true, why: `Both are in subnet “${source.subnet.name}”; no router is involved.`, path: [hopOf(source.instance), hopOf(source.subnet), hopOf(target.instance)] };
  }
  if (source.vpc.id === target.vpc.id) {
    return { reachable: true, why: `The local route of ${source.vpc.name} (${source.vpc.cidr}) connects its subnets.`, path: [...outOf(source), ...into(target)] };
  }
  const peering = peeringBetween(source.vpc, target.vpc, index);
  if (!peering) return toUnpeered(source, target, index);
  return {
    reachable: true,
    why: `Peering “${peering.name}” connects ${source.vpc.name} and ${target.vpc.name}, with routes on both sides.`,
    path: [...outOf(source), hopOf(peering), hopOf(target.vpc), ...into(target)],
  };
}

/** Without a peering the address means something only inside the sender's own VPC, where another instance may have it. */
function toUnpeered(source: Place, target: Place, index: TopologyIndex): Reachability {
  const address = parseAddress(target.instance.address);
  if (address !== null && containsAddress(cidrFrom(source.vpc.cidr), address)) {
    const namesake = index.subnetsOfVpc(source.vpc.id).flatMap((subnet) => index.instancesOfSubnet(subnet.id))
      .find((instance) => instance.address === target.instance.address);
    const stays = `${target.instance.address} lies in ${source.vpc.name}'s own range, so the packet stays in ${source.vpc.name}`;
    return namesake
      ? { reachable: true, why: `${stays} and reaches “${namesake.name}” there, not the target.`, path: [...outOf(source), hopOf(namesake)] }
      : { reachable: false, why: `${stays}, where nobody has it.`, path: outOf(source) };
  }
  const between = index.peeringsOfVpc(source.vpc.id).map((peering) => otherEnd(peering, source.vpc.id))
    .find((vpcId) => index.peeringsOfVpc(vpcId).some((peering) => otherEnd(peering, vpcId) === target.vpc.id));
  const via = between ? ` Both are peered with ${index.vpcById.get(between)?.name ?? "a third VPC"}, but peering is not transitive.` : "";
  return { reachable: false, why: `${source.vpc.name} and ${target.vpc.name} are not peered, so there is no route.${via}`, path: outOf(source) };
}

function listenerNote(target: Instance, kind: ProbeKind, port: number | null): string {
  if (kind === "ping" || target.webServer?.port === port) return "";
  return ` Nothing is drawn to listen on port ${port ?? "?"} there, so a refusal is the answer to expect.`;
}

function placeOf(index: TopologyIndex, instanceId: string): Place | null {
  const instance = index.instanceById.get(instanceId);
  const subnet = instance && index.subnetById.get(instance.subnetId);
  const vpc = subnet && index.vpcById.get(subnet.vpcId);
  return instance && subnet && vpc ? { instance, subnet, vpc } : null;
}

const peeringBetween = (a: Vpc, b: Vpc, index: TopologyIndex): Peering | undefined =>
  index.peeringsOfVpc(a.id).find((peering) => otherEnd(peering, a.id) === b.id);

const otherEnd = (peering: Peering, vpcId: string): string =>
  peering.requesterVpcId === vpcId ? peering.accepterVpcId : peering.requesterVpcId;

const hopOf = (object: { id: string; name: string }): ProbeHop => ({ objectId: object.id, label: object.name });
const outOf = ({ instance, subnet, vpc }: Place): ProbeHop[] => [hopOf(instance), hopOf(subnet), hopOf(vpc)];
const into = ({ instance, subnet }: Place): ProbeHop[] => [hopOf(subnet), hopOf(instance)];
