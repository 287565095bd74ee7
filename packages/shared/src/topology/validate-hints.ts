import type { Issue } from "../errors/issue";
import { routeTableOf } from "./effective";
import { subnetType } from "./subnet-type";
import type { Topology } from "./topology";
import type { TopologyIndex } from "./topology-index";

/** What is allowed, but does nothing, or not what it looks like. Never a refusal. For documents without errors. */
export function hints(doc: Topology, index: TopologyIndex): Issue[] {
  const publicSubnets = new Set(doc.subnets.filter((subnet) => subnetType(index, subnet) === "public").map((subnet) => subnet.id));
  return [
    ...addressesWithoutGateway(doc, index, publicSubnets), ...unusedGateways(doc, index, publicSubnets),
    ...natGateways(doc, index, publicSubnets), ...elasticIps(doc, index, publicSubnets), ...oneSidedPeerings(doc, index),
  ];
}

const hint = (code: Issue["code"], path: Issue["path"], objectId: string, message: string): Issue =>
  ({ severity: "warning", code, path, objectId, message });

function addressesWithoutGateway(doc: Topology, index: TopologyIndex, publicSubnets: ReadonlySet<string>): Issue[] {
  return doc.subnets.flatMap((subnet, i) => {
    if (!subnet.autoAssignPublicAddress || publicSubnets.has(subnet.id)) return [];
    const table = routeTableOf(index, subnet).name;
    return [hint("NO_INTERNET_GATEWAY", ["subnets", i, "autoAssignPublicAddress"], subnet.id,
      `“${subnet.name}” gives out public addresses, but its route table “${table}” has no route to an internet gateway; add one.`)];
  });
}

function unusedGateways(doc: Topology, index: TopologyIndex, publicSubnets: ReadonlySet<string>): Issue[] {
  return doc.internetGateways.flatMap((gateway, i) => {
    if (index.subnetsOfVpc(gateway.vpcId).some((subnet) => publicSubnets.has(subnet.id))) return [];
    return [hint("IGW_UNUSED", ["internetGateways", i, "vpcId"], gateway.id, `No subnet's route table leads to “${gateway.name}”; make a subnet of this VPC public.`)];
  });
}

function natGateways(doc: Topology, index: TopologyIndex, publicSubnets: ReadonlySet<string>): Issue[] {
  return doc.natGateways.flatMap((gateway, i) => {
    const withoutAddress = index.elasticIpOf(gateway.id) ? [] : [hint("NAT_NO_ADDRESS", ["natGateways", i], gateway.id,
      `“${gateway.name}” has no Elastic IP, so nothing gets through it to the internet; associate one.`)];
    const inPrivate = publicSubnets.has(gateway.subnetId) ? [] : [hint("NAT_NOT_PUBLIC", ["natGateways", i, "subnetId"], gateway.id,
      `“${gateway.name}” stands in a private subnet, so it does not reach the internet itself; move it to a public one.`)];
    return [...withoutAddress, ...inPrivate];
  });
}

function elasticIps(doc: Topology, index: TopologyIndex, publicSubnets: ReadonlySet<string>): Issue[] {
  return doc.elasticIps.flatMap((elasticIp, i) => {
    const instance = elasticIp.target?.kind === "instance" ? index.instanceById.get(elasticIp.target.id) : undefined;
    if (!instance || publicSubnets.has(instance.subnetId)) return [];
    return [hint("EIP_UNREACHABLE", ["elasticIps", i, "target"], elasticIp.id,
      `“${instance.name}” is in a private subnet, so “${elasticIp.name}” is not reachable; make that subnet public.`)];
  });
}

function oneSidedPeerings(doc: Topology, index: TopologyIndex): Issue[] {
  return doc.peerings.flatMap((peering, i) => {
    if (peering.status !== "active" || peering.remote) return [];
    const routed = (vpcId: string) => index.routeTablesOfVpc(vpcId).some((table) => table.routes.some((route) => route.target.id === peering.id));
    const [there, back] = [routed(peering.requesterVpcId), routed(peering.accepterVpcId)];
    if (there === back) return [];
    const silent = index.vpcById.get(there ? peering.accepterVpcId : peering.requesterVpcId);
    return [hint("ROUTE_ONE_SIDED", ["peerings", i], peering.id,
      `“${silent?.name ?? ""}” has no route to “${peering.name}”, so no answer comes back; add one to its route tables.`)];
  });
}
