import { instanceNamespace, routerNamespace } from "@vpclab/shared/net/namespace-name";
import { publicAddressOf } from "@vpclab/shared/plan/public-addresses";
import { indexTopology, type TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { Instance, NatGateway, Topology, Vpc } from "@vpclab/shared/topology/topology";
import type { ProbePlace } from "../apps/agent/src/probes/fast-probe";
import { INTERNET_WEB_ADDRESS, SANDBOX_INTERNET_NETNS } from "../apps/agent/src/sandbox/sandbox-state";
import { type Part, wholeOf } from "./parts";

/** Applied topologies, as far as one must know them to send packets in them. */
export interface Applied {
  /** All of them as one. */
  readonly document: Topology;
  readonly index: TopologyIndex;
  /** Name of the topology by id of a VPC. */
  readonly nameOf: ReadonlyMap<string, string>;
  /** As the agent reported them. */
  readonly publicAddresses: Readonly<Record<string, string>>;
  readonly publicPool: boolean;
}

export const INTERNET_PLACE: ProbePlace = { namespace: SANDBOX_INTERNET_NETNS, address: INTERNET_WEB_ADDRESS };

export function appliedParts(parts: readonly Part[], publicAddresses: Readonly<Record<string, string>>, publicPool: boolean): Applied {
  const document = wholeOf(parts);
  const nameOf = new Map(parts.flatMap(({ name, document: { vpcs } }) => vpcs.map((vpc) => [vpc.id, name] as const)));
  return { document, index: indexTopology(document), nameOf, publicAddresses, publicPool };
}

export function vpcOf(index: TopologyIndex, subnetId: string): Vpc {
  const vpc = index.vpcById.get(index.subnetById.get(subnetId)?.vpcId ?? "");
  if (!vpc) throw new Error(`${subnetId} is in no VPC`);
  return vpc;
}

export function placeOfInstance(applied: Applied, instance: Instance): ProbePlace {
  return { namespace: namespaceIn(applied, instance.subnetId, instance.name), address: instance.address };
}

export const placeOfNatGateway = (applied: Applied, gateway: NatGateway): ProbePlace =>
  ({ namespace: namespaceIn(applied, gateway.subnetId, gateway.name), address: gateway.address });

export const namespaceOfVpc = (applied: Applied, vpc: Vpc): string => routerNamespace(topologyOf(applied, vpc), vpc.name);

/** Null where it has none, or where the host has none to give. */
export const publicAddress = (applied: Applied, id: string): string | null => publicAddressOf(applied.document, applied.publicAddresses, id);

function namespaceIn(applied: Applied, subnetId: string, own: string): string {
  const vpc = vpcOf(applied.index, subnetId);
  return instanceNamespace(topologyOf(applied, vpc), vpc.name, applied.index.subnetById.get(subnetId)?.name ?? "", own);
}

const topologyOf = ({ nameOf }: Applied, vpc: Vpc): string => nameOf.get(vpc.id) ?? "";
