import { cidrFrom, containsAddress, formatAddress } from "../net/cidr";
import { resolverAddress } from "../net/subnet-addresses";
import type { Subnet, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";

/**
 * A VPC's resolver as the rest of its router needs to know it: where it answers, and whom it asks. Subnets ask it at their
 * gateway's address and at the VPC's base + 2, as in AWS.
 */
export interface ResolverView {
  readonly addresses: readonly string[];
  /** Asked by the internet gateway and by no other way; empty without one. */
  readonly upstreams: readonly string[];
}

/** The VPC's base + 2 where it lies in the subnet: reserved, and held by the subnet's bridge. null where it does not, or is not used. */
export function resolverAddressIn(subnet: Pick<Subnet, "cidr">, vpc: Pick<Vpc, "cidr" | "dnsSupport">): string | null {
  if (!vpc.dnsSupport) return null;
  const address = resolverAddress(cidrFrom(vpc.cidr));
  return containsAddress(cidrFrom(subnet.cidr), address) ? formatAddress(address) : null;
}

/** Where an instance asks beside its gateway: the base + 2, whichever subnet holds it; none where no subnet does. */
export const resolverAddressesOf = (vpc: Vpc, index: TopologyIndex): readonly string[] =>
  vpc.dnsSupport ? index.subnetsOfVpc(vpc.id).flatMap((subnet) => resolverAddressIn(subnet, vpc) ?? []) : [];

interface AskedAt {
  readonly gateway: string;
  readonly resolver: string | null;
}

/** null: the VPC has no resolver, or nobody who could ask it. */
export function resolverView(vpc: Vpc, subnets: readonly AskedAt[], upstreams: readonly string[]): ResolverView | null {
  if (!vpc.dnsSupport || subnets.length === 0) return null;
  return { addresses: [...subnets.map(({ gateway }) => gateway), ...subnets.flatMap(({ resolver }) => resolver ?? [])], upstreams };
}
