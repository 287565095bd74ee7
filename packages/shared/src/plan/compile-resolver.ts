import { instanceDnsNames, PRIVATE_DOMAIN, subnetDomain, vpcDomain } from "../net/dns-name";
import type { Subnet, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { ownerOf } from "./compile-context";
import type { ResolverProcess } from "./kernel-state";
import type { RouterView } from "./router-view";

/** A VPC's name server. It knows the names of the VPC's own instances and of those of VPCs that it is peered with in this document. */
export function compileResolver(view: RouterView, index: TopologyIndex, namespace: string, context: CompileContext): ResolverProcess[] {
  if (!view.resolver) return [];
  const peers = view.peerings.flatMap(({ peering: { requesterVpcId, accepterVpcId } }) =>
    index.vpcById.get(requesterVpcId === view.vpc.id ? accepterVpcId : requesterVpcId) ?? []);
  const vpcs = [...new Set([view.vpc, ...peers])];
  return [{
    kind: "resolver", port: 53, label: namespace, owner: ownerOf(context, view.vpc.id),
    listen: view.resolver.addresses,
    records: vpcs.flatMap((vpc) => recordsOf(vpc, index)),
    ownDomains: [PRIVATE_DOMAIN],
    ownCidrs: vpcs.map(({ cidr }) => cidr),
    upstreams: view.resolver.upstreams,
  }];
}

const recordsOf = (vpc: Vpc, index: TopologyIndex): ResolverProcess["records"] =>
  index.subnetsOfVpc(vpc.id).flatMap((subnet) => index.instancesOfSubnet(subnet.id).map((instance) =>
    ({ names: instanceDnsNames(vpc.name, subnet.name, instance.name), address: instance.address })));

/**
 * resolv.conf of an instance, for programs that a person starts in its namespace: `ip netns exec` puts it in the place of the
 * machine's (ip-netns(8)). `mark` makes it ours.
 */
export function resolvConfText(mark: string, gateway: string, vpc: Vpc, subnet: Subnet): string {
  return [
    `# ${mark}`, "# Written by vpclab, which puts it back when it is changed.",
    `nameserver ${gateway}`, `search ${subnetDomain(vpc.name, subnet.name)} ${vpcDomain(vpc.name)}`, "",
  ].join("\n");
}
