import type { PublishedPort, Topology, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";

/** A public address and the private one behind it, 1:1. */
export interface PublicAddress {
  readonly address: string;
  readonly privateAddress: string;
  /** The Elastic IP, else the instance that got the address by itself. */
  readonly ownerId: string;
}

export interface PublishedInstancePort extends PublishedPort {
  readonly instanceId: string;
  readonly address: string;
}

/** What an internet gateway translates: addresses where the host has a pool, else ports of the host's own address. */
export interface GatewayTranslations {
  readonly publicAddresses: readonly PublicAddress[];
  readonly publishedPorts: readonly PublishedInstancePort[];
  /** Everybody shares the host's address. */
  readonly masquerade: boolean;
}

export type TranslationContext = Pick<CompileContext, "publicAddresses"> & { readonly host: Pick<CompileContext["host"], "publicPool"> };

export function gatewayTranslations(vpc: Vpc, index: TopologyIndex, context: TranslationContext): GatewayTranslations {
  const subnets = index.subnetsOfVpc(vpc.id);
  const instances = subnets.flatMap((subnet) => index.instancesOfSubnet(subnet.id));
  if (!context.host.publicPool) {
    return {
      publicAddresses: [],
      publishedPorts: instances.flatMap(({ id, address, publishedPorts }) =>
        publishedPorts.map((published) => ({ ...published, instanceId: id, address }))),
      masquerade: true,
    };
  }
  const natGateways = subnets.flatMap((subnet) => index.natGatewaysOfSubnet(subnet.id));
  const publicAddresses = [...instances, ...natGateways].flatMap((target) => publicAddress(target, index, context) ?? []);
  return { publicAddresses, publishedPorts: [], masquerade: false };
}

/** An Elastic IP replaces the address that an instance got by itself. */
function publicAddress(target: { id: string; address: string }, index: TopologyIndex, context: TranslationContext): PublicAddress | null {
  const ownerId = index.elasticIpOf(target.id)?.id ?? target.id;
  const address = context.publicAddresses[ownerId];
  return address === undefined ? null : { address, privateAddress: target.address, ownerId };
}

/** Gateways of a document with the VPC of each. */
export const gatewaysWithVpc = (doc: Topology, index: TopologyIndex) =>
  doc.internetGateways.flatMap((gateway) => {
    const vpc = index.vpcById.get(gateway.vpcId);
    return vpc ? [{ gateway, vpc }] : [];
  });
