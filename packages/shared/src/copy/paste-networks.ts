import type { Issue } from "../errors/issue";
import { cidrFrom, containsCidr, overlaps } from "../net/cidr";
import { nextName, nextSubnetCidr, nextVpcCidr } from "../topology/allocate";
import type { Subnet, Topology, Vpc } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import type { Pasting } from "./pasting";
import { inOrderOfName, isIssue, movedCidr, refusal, stemOf, vpcFor } from "./pasting";

/** Copied VPCs: their own range where it is free, else the next of its size; names with the next number. */
export function pasteVpcs(paste: Pasting): Issue | null {
  for (const vpc of inOrderOfName(paste.source.vpcs.filter(({ id }) => paste.copied.has(id)))) {
    const cidr = freeVpcCidr(paste.draft, vpc);
    if (cidr === null) return refusal("VPC_FULL", `All private ranges of the size of ${vpc.name} (${vpc.cidr}) are taken; delete a VPC or shrink one first.`);
    paste.moved.push({ from: cidrFrom(vpc.cidr), to: cidrFrom(cidr) });
    const id = (old: string) => paste.ids.get(old)!;
    const copy: Vpc = {
      ...vpc, id: id(vpc.id), cidr, name: freeName(paste.draft.vpcs, vpc.name),
      mainRouteTableId: id(vpc.mainRouteTableId), defaultNetworkAclId: id(vpc.defaultNetworkAclId), defaultSecurityGroupId: id(vpc.defaultSecurityGroupId),
    };
    paste.draft = { ...paste.draft, vpcs: [...paste.draft.vpcs, copy] };
  }
  return null;
}

/** Copied subnets: at the same place of a copied VPC, else the next free range of their size. Their tables and ACLs are set later. */
export function pasteSubnets(paste: Pasting): Issue | null {
  for (const subnet of inOrderOfName(paste.source.subnets.filter(({ id }) => paste.copied.has(id)))) {
    const vpcId = vpcFor(paste, subnet.vpcId);
    if (isIssue(vpcId)) return vpcId;
    const siblings = indexTopology(paste.draft).subnetsOfVpc(vpcId);
    const moves = !paste.copied.has(subnet.vpcId);
    const cidr = moves ? freeSubnetCidr(paste.draft, vpcId, subnet) : movedCidr(paste, subnet.cidr);
    if (cidr === null) {
      const name = paste.draft.vpcs.find(({ id }) => id === vpcId)?.name ?? "That VPC";
      return refusal("VPC_FULL", `${name} has no free /${cidrFrom(subnet.cidr).length} left for ${subnet.name}; choose another VPC or make the subnet smaller.`);
    }
    if (moves) paste.moved.push({ from: cidrFrom(subnet.cidr), to: cidrFrom(cidr) });
    const name = moves ? freeName(siblings, subnet.name) : subnet.name;
    const firewall = subnet.firewall && { ...subnet.firewall, rules: subnet.firewall.rules.map((rule) => ({ ...rule, cidr: movedCidr(paste, rule.cidr) })) };
    const copy: Subnet = { ...subnet, id: paste.ids.get(subnet.id)!, vpcId, name, cidr, firewall };
    paste.draft = { ...paste.draft, subnets: [...paste.draft.subnets, copy] };
  }
  return null;
}

/** Its own name where it is free, else the same with the next number. */
export function freeName(others: readonly { readonly name: string }[], name: string): string {
  const taken = others.map((other) => other.name);
  return taken.includes(name) ? nextName(taken, stemOf(name), { bareFirst: !/\d$/.test(name) }) : name;
}

function freeVpcCidr(draft: Topology, { cidr }: Vpc): string | null {
  const own = cidrFrom(cidr);
  return draft.vpcs.some((vpc) => overlaps(cidrFrom(vpc.cidr), own)) ? nextVpcCidr(draft, own.length) : cidr;
}

function freeSubnetCidr(draft: Topology, vpcId: string, { cidr }: Subnet): string | null {
  const own = cidrFrom(cidr);
  const index = indexTopology(draft);
  const vpc = index.vpcById.get(vpcId);
  const isFree = vpc && containsCidr(cidrFrom(vpc.cidr), own) && !index.subnetsOfVpc(vpcId).some((other) => overlaps(cidrFrom(other.cidr), own));
  return isFree ? cidr : nextSubnetCidr(draft, vpcId, own.length);
}
